/* kernel_filter.h - what the kernel is to hand over: a classic BPF program of
 * so many addresses, made in no time.
 *
 * It lets pass all that is theirs, and some more: addresses are grouped into
 * ranges (of IPv6 by their last 32 bits), found by bisection, and of ARP and
 * ICMP everything passes.  pcap_compile(3) of "host a or host b ..." is exact,
 * but takes 0.3 s for 200 addresses and 38 s for 1 000, and its program grows
 * beyond what the kernel takes.  Pure.
 */
#ifndef SPLIT_KERNEL_FILTER_H
#define SPLIT_KERNEL_FILTER_H

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

#define KERNEL_FILTER_MAX BPF_MAXINSNS
/* Of each family; beyond it those come together that are nearest. */
#define KERNEL_FILTER_RANGES 128

/* The last 32 bits of the addresses of each family, in host order; they are
 * sorted in place.  `snaplen` bytes of each packet pass.  Returns how many
 * instructions there are in `to`. */
size_t kernel_filter_make(struct sock_filter to[KERNEL_FILTER_MAX],
    uint32_t *v4, size_t n4, uint32_t *v6, size_t n6, uint32_t snaplen);

#endif
