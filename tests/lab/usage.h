/* usage.h - the texts of --help, and the scenario of --demo. */
#ifndef LAB_USAGE_H
#define LAB_USAGE_H

/* Five devices with high ports, each losing its connection once. */
extern const char usage_demo[];
/* Everything that --help says, to stdout. */
void usage_print(void);

#endif
