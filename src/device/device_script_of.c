/* device_script_of.c - see device_script_of.h.
 */
#include "device/device_script_of.h"

struct device_script
device_script_of(const struct campaign_conf *conf, const struct device_entry *d)
{
	return (struct device_script){
	    .family = d->type->family,
	    .interfaces = (const char *const *)d->interfaces,
	    .n_interfaces = d->n_interfaces,
	    .snmp_user = conf->verify.on[VERIFY_SNMP] ? conf->snmp.user : NULL,
	    .snmp_auth = conf->snmp.auth_password,
	    .snmp_priv = conf->snmp.priv_password,
	    .save = conf->campaign.save_config,
	};
}
