/* triangle.c - what the letters mean: the decision tables, one row a sentence.
 */
#include "compare/triangle.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/name.h"

#define ANY LETTER_COUNT

static const char *const report_names[REPORTS_COUNT] = {
    [REPORTS_UNKNOWN] = "unknown",
    [REPORTS_ARRIVED] = "arrived",
    [REPORTS_LOST] = "lost",
    [REPORTS_NONE] = "none",
};

/* The first row that fits.  ANY of a campaign host's stands last. */
static const struct {
	enum letter ovoc, campaign;
	const char *text;
} witnesses[] = {
    {LETTER_ANSWERED, LETTER_ANSWERED,
	"OVOC and the campaign host both get answers: a fault, if there was "
	"one, was over when they asked."},
    {LETTER_ANSWERED, LETTER_LOST_THERE,
	"OVOC gets answers, the campaign host does not reach the device: a "
	"fault of the campaign host's own path, not of this event."},
    {LETTER_ANSWERED, LETTER_UNANSWERED,
	"OVOC gets answers, the device ignores the campaign host: an access "
	"list, perhaps, and not of this event."},
    {LETTER_ANSWERED, LETTER_LOST_BACK,
	"OVOC gets answers, those to the campaign host get lost: its return "
	"path, not of this event."},
    {LETTER_LOST_THERE, LETTER_ANSWERED,
	"The campaign host reached the device all the while: lost between "
	"OVOC and the device; the device and its line are well."},
    {LETTER_LOST_THERE, LETTER_LOST_THERE,
	"Nothing from the campaign host reached it either: its line, or what "
	"lies before it, was dead towards the device."},
    {LETTER_LOST_THERE, LETTER_UNANSWERED,
	"The campaign host's requests arrived and were not answered: two "
	"faults, the path from OVOC, and the device does not answer."},
    {LETTER_LOST_THERE, LETTER_LOST_BACK,
	"Answers to the campaign host got lost: the line is bad in both "
	"directions."},
    {LETTER_LOST_THERE, ANY,
	"There is no second witness: it may be the path or the device's "
	"line."},
    {LETTER_UNANSWERED, LETTER_ANSWERED,
	"It answers the campaign host and not OVOC: its access list or "
	"firewall, or its answers leave by an interface that was not "
	"captured."},
    {LETTER_UNANSWERED, LETTER_LOST_THERE,
	"The campaign host is no witness, its own requests got lost."},
    {LETTER_UNANSWERED, LETTER_UNANSWERED,
	"It heard the campaign host, too, and did not answer: it is the "
	"device."},
    {LETTER_UNANSWERED, LETTER_LOST_BACK,
	"It answers the campaign host, though those answers get lost, and not "
	"OVOC: its access list or firewall, and the way back is bad."},
    {LETTER_UNANSWERED, ANY,
	"The device did not answer though asked, or its answers left by an "
	"interface that was not captured."},
    {LETTER_LOST_BACK, LETTER_ANSWERED,
	"Answers to the campaign host arrived: lost between the device and "
	"OVOC on the way back."},
    {LETTER_LOST_BACK, LETTER_LOST_THERE,
	"The campaign host cannot reach it at all: the line is bad."},
    {LETTER_LOST_BACK, LETTER_UNANSWERED,
	"The campaign host is not answered: two faults, the path back to "
	"OVOC, and an access list, perhaps."},
    {LETTER_LOST_BACK, LETTER_LOST_BACK,
	"Answers to the campaign host get lost, too: the device's sending "
	"direction is dead (line upwards, wrong route or source address)."},
    {LETTER_LOST_BACK, ANY,
	"There is no second witness: it may be the path or the device's "
	"line."},
    {LETTER_LATE, LETTER_LOST_THERE,
	"The path there or back is slow now; the campaign host's is worse."},
    {LETTER_LATE, LETTER_UNANSWERED,
	"The path there or back is slow now; the device ignores the campaign "
	"host: an access list, perhaps."},
    {LETTER_LATE, LETTER_LOST_BACK,
	"The path there or back is slow now; answers to the campaign host "
	"get lost."},
    {LETTER_LATE, ANY, "The path there or back is slow now."},
    {LETTER_NOT_TAKEN, ANY,
	"It is the server: its firewall, or the service on it."},
    {LETTER_NOBODY, LETTER_ANSWERED,
	"OVOC's server sent nothing (see its agent's log); the device is "
	"well."},
    {LETTER_NOBODY, LETTER_LOST_THERE,
	"OVOC asked nothing; the campaign host does not reach the device: "
	"line or path."},
    {LETTER_NOBODY, LETTER_UNANSWERED,
	"OVOC asked nothing; the device does not answer the campaign host."},
    {LETTER_NOBODY, LETTER_LOST_BACK,
	"OVOC asked nothing; answers get lost on the way to the campaign "
	"host."},
    {LETTER_UNKNOWN, LETTER_ANSWERED,
	"The device and its line are well; OVOC's side cannot be said."},
    {LETTER_UNKNOWN, LETTER_LOST_THERE,
	"From the campaign host nothing arrives; OVOC's side cannot be "
	"said."},
    {LETTER_UNKNOWN, LETTER_UNANSWERED,
	"The device did not answer the campaign host; OVOC's side cannot be "
	"said."},
    {LETTER_UNKNOWN, LETTER_LOST_BACK,
	"Answers to the campaign host get lost; OVOC's side cannot be said."},
};

/* The same row where every way out of the device was captured. */
static const struct {
	enum letter ovoc, campaign;
	const char *text;
} all_captured[] = {
    {LETTER_UNANSWERED, LETTER_ANSWERED,
	"It answers the campaign host and not OVOC: its access list or "
	"firewall."},
    {LETTER_UNANSWERED, ANY, "The device did not answer though asked."},
};

static const struct {
	enum letter icmp, snmp, tcp;
	const char *text;
} kinds[] = {
    {LETTER_ANSWERED, LETTER_LOST_THERE, LETTER_ANSWERED,
	"Ping and TCP get through: only SNMP towards the device is lost, "
	"filtered by port (a firewall, an access list of the provider)."},
    {LETTER_ANSWERED, LETTER_LOST_BACK, LETTER_ANSWERED,
	"Ping and TCP get through: only SNMP answers are lost, UDP from port "
	"161 is filtered on the way back."},
    {LETTER_ANSWERED, LETTER_UNANSWERED, LETTER_ANSWERED,
	"Ping and TCP are answered: the device is up, and its SNMP does not "
	"answer (service, user or manager list)."},
    {LETTER_ANSWERED, LETTER_ANSWERED, LETTER_LOST_THERE,
	"Ping and SNMP get through: only TCP is lost, its port is filtered."},
    {LETTER_ANSWERED, LETTER_ANSWERED, LETTER_UNANSWERED,
	"Ping and SNMP are answered: the TCP service of the device is not."},
    {LETTER_LOST_THERE, LETTER_ANSWERED, LETTER_ANSWERED,
	"Ping is filtered; it is not the cause of anything."},
    {LETTER_UNANSWERED, LETTER_ANSWERED, LETTER_ANSWERED,
	"Ping is filtered; it is not the cause of anything."},
    {LETTER_UNANSWERED, LETTER_UNANSWERED, LETTER_UNANSWERED,
	"The device hears everything and answers nothing: overloaded, hung or "
	"starting, or it lets nobody in."},
    {LETTER_ANSWERED, LETTER_LOST_THERE, LETTER_LOST_THERE,
	"Ping passes, UDP and TCP do not: a firewall with state, or address "
	"translation that lost its entries."},
    {LETTER_ANSWERED, LETTER_LOST_THERE, LETTER_NOBODY,
	"Ping gets through: only SNMP towards the device is lost."},
    {LETTER_ANSWERED, LETTER_LOST_BACK, LETTER_NOBODY,
	"Ping gets through: only SNMP answers are lost on the way back."},
    {LETTER_ANSWERED, LETTER_UNANSWERED, LETTER_NOBODY,
	"Ping is answered: the device is up, and its SNMP does not answer "
	"(service, user or manager list)."},
};

static const struct {
	enum letter ovoc;
	enum reports reports;
	const char *text;
} events[] = {
    {LETTER_ANSWERED, REPORTS_ARRIVED,
	"OVOC was answered and heard the device: if it declared a loss, it "
	"did so by itself (load, database, clock, licence)."},
    {LETTER_NOBODY, REPORTS_ARRIVED,
	"The device could be heard all the while."},
    {LETTER_NOBODY, REPORTS_NONE,
	"Neither side sent: OVOC did not ask, the device did not report."},
    {LETTER_LOST_THERE, REPORTS_ARRIVED,
	"The device's own messages arrived meanwhile: only the way towards "
	"the device was hit."},
    {LETTER_LOST_THERE, REPORTS_LOST,
	"The device's own messages were lost as well: both directions were "
	"hit."},
    {LETTER_LOST_THERE, REPORTS_NONE,
	"The device sent nothing meanwhile: its line may have been down, or "
	"it restarted."},
    {LETTER_UNANSWERED, REPORTS_ARRIVED,
	"The device heard OVOC and sent messages of its own but did not "
	"answer: its SNMP service, user or manager list."},
    {LETTER_UNANSWERED, REPORTS_LOST,
	"Its own messages were lost on the way to the server."},
    {LETTER_UNANSWERED, REPORTS_NONE,
	"The device heard OVOC and was silent: it may hang."},
    {LETTER_LOST_BACK, REPORTS_LOST,
	"The device's own messages were lost as well: only the direction "
	"from the device to the server was hit."},
    {LETTER_LOST_BACK, REPORTS_ARRIVED,
	"The device's own messages arrived meanwhile: UDP from port 161 is "
	"filtered on the way, or its answers are too large."},
};

static const struct {
	enum letter ovoc;
	bool answered;
	const char *text;
} heard[] = {
    {LETTER_LOST_THERE, true,
	"Requests of the campaign host reached the device meanwhile and were "
	"answered: lost between OVOC and the device, which is well."},
    {LETTER_LOST_THERE, false,
	"Requests of the campaign host reached the device meanwhile and were "
	"not answered: two faults, the path from OVOC, and the device does "
	"not answer."},
    {LETTER_UNANSWERED, true,
	"It answered the campaign host meanwhile: its access list or "
	"firewall, or its answers to OVOC leave by an interface that was not "
	"captured."},
    {LETTER_UNANSWERED, false,
	"It heard the campaign host, too, and did not answer: it is the "
	"device."},
};

static const char heard_all_captured[] =
    "It answered the campaign host meanwhile: its access list or firewall.";

const char *
triangle_heard(enum letter ovoc, bool answered, bool all)
{
	size_t i;

	if (ovoc == LETTER_UNANSWERED && answered && all)
		return heard_all_captured;

	for (i = 0; i < sizeof(heard) / sizeof(heard[0]); i++)
		if (heard[i].ovoc == ovoc && heard[i].answered == answered)
			return heard[i].text;
	return NULL;
}

const char *
reports_name(enum reports r)
{
	return report_names[r];
}

int
reports_by_name(const char *name)
{
	return NAME_FIND(report_names, name);
}

static const char *
where_all_captured(enum letter ovoc, enum letter campaign, const char *text)
{
	size_t i;

	for (i = 0; i < sizeof(all_captured) / sizeof(all_captured[0]); i++)
		if (all_captured[i].ovoc == ovoc &&
		    all_captured[i].campaign == campaign)
			return all_captured[i].text;
	return text;
}

const char *
triangle_witness(enum letter ovoc, enum letter campaign, bool all)
{
	size_t i;

	for (i = 0; i < sizeof(witnesses) / sizeof(witnesses[0]); i++)
		if (witnesses[i].ovoc == ovoc &&
		    (witnesses[i].campaign == campaign ||
			witnesses[i].campaign == ANY))
			return !all ? witnesses[i].text
				    : where_all_captured(ovoc,
					  witnesses[i].campaign,
					  witnesses[i].text);
	return NULL;
}

const char *
triangle_kinds(enum letter icmp, enum letter snmp, enum letter tcp)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].icmp == icmp && kinds[i].snmp == snmp &&
		    kinds[i].tcp == tcp)
			return kinds[i].text;
	return NULL;
}

const char *
triangle_event(enum letter ovoc, enum reports reports)
{
	size_t i;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (events[i].ovoc == ovoc && events[i].reports == reports)
			return events[i].text;
	return NULL;
}
