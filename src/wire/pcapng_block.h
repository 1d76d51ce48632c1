/* pcapng_block.h - the steps of a walk through a pcapng file, each for a full
 * header of its stage (IETF draft-ietf-opsawg-pcapng).
 */
#ifndef WIRE_PCAPNG_BLOCK_H
#define WIRE_PCAPNG_BLOCK_H

#include "wire/pcap_walk.h"

void pcapng_step_block(struct pcap_walk *w);
void pcapng_step_section(struct pcap_walk *w);
void pcapng_step_fixed(struct pcap_walk *w);
void pcapng_step_option(struct pcap_walk *w);
void pcapng_step_option_value(struct pcap_walk *w);
void pcapng_step_trailer(struct pcap_walk *w);

#endif
