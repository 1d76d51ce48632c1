/* style.h - how a page looks: light, dark, on a phone, on paper. */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

/* For a <style>, as it stands: there is no '<' and no '&' in it. */
extern const char style_sheet[];

#endif
