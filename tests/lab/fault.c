/* fault.c - the table of all faults, and the counting of their strikes.
 *
 * scenario.c fills the structs; device_rest.c, device_ssh.c, outage.c and
 * ovoc.c ask at their places whether a fault strikes.
 */
#include "fault.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

#define BIT(on)  (1u << (on))
#define SCRIPTS  (BIT(ON_REST) | BIT(ON_START) | BIT(ON_SHOW) | BIT(ON_STOP))
#define OVOC_ANY (BIT(ON_OVOC) | BIT(ON_OVOC_FIND) | BIT(ON_OVOC_RULE))
#define ANSWERS  (SCRIPTS | OVOC_ANY)

static const char places[] = "tls rest start show stop capture ssh sftp alarm "
			     "ovoc ovoc-find ovoc-rule";

struct kind_row {
	unsigned places;
	const char *help;
};

/* In the order of enum fault_kind and of kind_words. */
static const struct kind_row kinds[] = {
    {BIT(ON_TLS) | BIT(ON_SSH) | BIT(ON_OVOC),
	"the port is closed from the event `when`, for the time `for`"},
    {ANSWERS | BIT(ON_TLS) | BIT(ON_SSH) | BIT(ON_SFTP),
	"accepted, then silence (sftp: at open, or before `size` is passed)"},
    {ANSWERS | BIT(ON_TLS) | BIT(ON_SSH),
	"the connection is closed at once (answers: after the answer)"},
    {BIT(ON_TLS) | BIT(ON_SSH),
	"another key: a changed TLS pin, a changed SSH host key"},
    {BIT(ON_TLS), "a certificate of an authority unknown"},
    {ANSWERS | BIT(ON_SFTP),
	"HTTP status `code` (sftp: READ fails before `size` is passed)"},
    {ANSWERS | BIT(ON_SFTP),
	"closed within the answer (sftp: before `size` is passed)"},
    {ANSWERS | BIT(ON_SFTP), "byte by byte (sftp: `size` bytes a second)"},
    {ANSWERS | BIT(ON_ALARM), "not JSON; a broken datagram"},
    {ANSWERS | BIT(ON_SFTP) | BIT(ON_ALARM),
	"an answer, a file, a datagram of no bytes"},
    {ANSWERS | BIT(ON_SFTP),
	"an answer of `size` bytes (sftp: announces `size` bytes too many)"},
    {SCRIPTS, "the answer has no `status` field"},
    {SCRIPTS, "`status` is `failure`, nothing is done"},
    {SCRIPTS, "line ends of `output` arrive as dots"},
    {BIT(ON_START) | BIT(ON_STOP),
	"the script succeeds, the capture stays as it was"},
    {BIT(ON_CAPTURE), "another's capture runs from the beginning"},
    {BIT(ON_CAPTURE), "the capture ends by itself after `delay`"},
    {BIT(ON_CAPTURE),
	"restart `delay` after the start: ports closed for `for`"},
    {BIT(ON_SSH), "the password is refused"},
    {BIT(ON_SSH), "keyboard-interactive only"},
    {BIT(ON_SSH), "password only"},
    {BIT(ON_SFTP), "no such file"},
    {BIT(ON_SFTP),
	"the usual file is old and bare, the other type's is the right one"},
    {BIT(ON_SFTP), "the last `size` bytes of the file are missing"},
    {BIT(ON_SFTP), "READ fails while another is outstanding"},
    {BIT(ON_ALARM), "the alarm is not sent"},
    {BIT(ON_ALARM), "the same datagram twice"},
    {BIT(ON_ALARM) | BIT(ON_TLS),
	"an alarm when the rule is made, as well; a certificate that is not valid yet"},
    {BIT(ON_ALARM) | BIT(ON_OVOC_FIND),
	"the alarm names another device; device not found (204, 404 or 200)"},
    {BIT(ON_ALARM), "the alarm is sent from `address`"},
    {BIT(ON_ALARM), "`size` alarms, each with its own Unique ID"},
    {BIT(ON_TLS), "TLS 1.0 and nothing newer"},
};
_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == KIND_COUNT, "kind table");

static const char kind_words[] =
    "refuse hang close key stranger status cut slow garbage empty huge "
    "no-status failure dots ignored foreign vanish reboot login keyboard "
    "password missing newer truncate single none twice early unknown source "
    "burst old";

const char *
fault_places(void)
{
	return places;
}

const char *
fault_kinds(void)
{
	return kind_words;
}

static bool
code_fits(const struct fault *f)
{
	if (f->kind == KIND_UNKNOWN && f->on == ON_OVOC_FIND)
		return f->code == 0 || f->code == 204 || f->code == 404 ||
		       f->code == 200;
	if (f->kind == KIND_STATUS && f->on != ON_SFTP)
		return f->code >= 200 && f->code <= 599;
	return f->code == 0;
}

const char *
fault_problem(const struct fault *f, bool of_ovoc)
{
	bool ovoc_place = (BIT(f->on) & OVOC_ANY) != 0;

	if (ovoc_place != of_ovoc)
		return of_ovoc
			   ? "this place is a device's"
			   : "this place is the OVOC's: put the fault there";
	if (!(kinds[f->kind].places & BIT(f->on)))
		return "this kind does not exist at this place";
	if (!code_fits(f))
		return "code must be 200 to 599 with kind status, 200, 204 or "
		       "404 with kind unknown, and absent with all others";
	if (f->kind == KIND_SOURCE && f->address.family == AF_UNSPEC)
		return "kind source needs an address";
	if (f->kind == KIND_SLOW && f->on == ON_SFTP && f->size == 0)
		return "size must be at least 1 byte a second";
	if (f->when != WHEN_READY && (f->kind != KIND_REFUSE || of_ovoc))
		return "when belongs to kind refuse of tls and ssh";
	return NULL;
}

/* One pass for one fault. */
static bool
strike(struct fault *f)
{
	f->seen++;
	if (f->seen <= f->after || (f->times > 0 && f->used >= f->times))
		return false;
	f->used++;
	return true;
}

const struct fault *
fault_hit_when(struct faults *fs, enum fault_on on, enum fault_kind kind,
    enum fault_when when)
{
	const struct fault *hit = NULL;

	for (size_t i = 0; i < fs->n; i++) {
		struct fault *f = &fs->list[i];
		if (f->on != (int)on || f->kind != (int)kind ||
		    f->when != (int)when)
			continue;
		if (strike(f) && !hit)
			hit = f;
	}
	return hit;
}

const struct fault *
fault_hit(struct faults *fs, enum fault_on on, enum fault_kind kind)
{
	return fault_hit_when(fs, on, kind, WHEN_READY);
}

struct faults
faults_copy(const struct faults *fs)
{
	struct faults copy = {NULL, fs->n};

	if (fs->n > 0) {
		copy.list = xcalloc(fs->n, sizeof(copy.list[0]));
		memcpy(copy.list, fs->list, fs->n * sizeof(copy.list[0]));
	}
	return copy;
}

void
faults_free(struct faults *fs)
{
	free(fs->list);
	fs->list = NULL;
	fs->n = 0;
}

/* The next word of a list; the list goes on behind it. */
static size_t
word_next(const char **list, const char **word)
{
	size_t len = strcspn(*list, " ");

	*word = *list;
	*list += len + ((*list)[len] == ' ');
	return len;
}

/* Add the words of `places` whose bits are set. */
static void
add_places(struct strbuf *to, unsigned set)
{
	const char *list = places;
	const char *word;

	for (unsigned on = 0; *list != '\0'; on++) {
		size_t len = word_next(&list, &word);
		if (set & BIT(on)) {
			strbuf_add_bytes(to, word, len);
			strbuf_add(to, " ");
		}
	}
}

void
faults_describe(struct strbuf *to)
{
	const char *list = kind_words;
	const char *word;

	for (size_t i = 0; i < KIND_COUNT; i++) {
		size_t len = word_next(&list, &word);
		strbuf_addf(to, "  %-10.*s %s\n             on ", (int)len,
		    word, kinds[i].help);
		add_places(to, kinds[i].places);
		strbuf_add(to, "\n");
	}
}
