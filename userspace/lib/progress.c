// SPDX-License-Identifier: GPL-2.0
#include "lib/progress.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/jsonout.h"
#include "lib/size.h"

#define SHOW_EVERY_MS 200
/* A rate from less than this says more about the start than about the work. */
#define ETA_AFTER_MS 1000

enum progress_style progress_style(bool json, bool off, bool is_tty)
{
	if (json)
		return PROGRESS_JSON;
	return off || !is_tty ? PROGRESS_NONE : PROGRESS_BAR;
}

void progress_begin(struct progress *p, const char *title, uint64_t bytes,
		    enum progress_style style, FILE *out)
{
	memset(p, 0, sizeof(*p));
	p->title = title;
	p->out = out;
	p->style = style;
	p->bytes = bytes;
	p->start_ms = clock_ms();
}

static double fraction(const struct progress *p)
{
	if (!p->total)
		return 0;
	return p->done >= p->total ? 1 : (double)p->done / (double)p->total;
}

long long progress_eta_s(const struct progress *p, long long elapsed_ms)
{
	double part = fraction(p), left;

	if (part <= 0 || elapsed_ms < ETA_AFTER_MS)
		return part >= 1 ? 0 : -1;
	left = (double)elapsed_ms * (1 - part) / part / 1000;
	return left > 3600.0 * 24 * 365 ? -1 : (long long)(left + 0.5);
}

static void format_left(long long s, char *buf, size_t size)
{
	if (s < 0)
		snprintf(buf, size, "--:--");
	else if (s < 3600)
		snprintf(buf, size, "%lld:%02lld", s / 60, s % 60);
	else
		snprintf(buf, size, "%lld:%02lld:%02lld", s / 3600, s / 60 % 60,
			 s % 60);
}

static uint64_t rate(const struct progress *p, long long elapsed_ms)
{
	if (!p->bytes || elapsed_ms < ETA_AFTER_MS)
		return 0;
	return (uint64_t)((double)p->bytes * fraction(p) * 1000 /
			  (double)elapsed_ms);
}

void progress_line(const struct progress *p, long long elapsed_ms,
		   unsigned int width, char *buf, size_t size)
{
	char tail[96], left[24], speed[16], rate_text[32] = "", bar[96];
	uint64_t bytes_s = rate(p, elapsed_ms);
	unsigned int cells, full;
	size_t used;

	format_left(progress_eta_s(p, elapsed_ms), left, sizeof(left));
	if (bytes_s) {
		size_format(bytes_s, speed, sizeof(speed));
		snprintf(rate_text, sizeof(rate_text), "  %s/s", speed);
	}
	snprintf(tail, sizeof(tail), " %3d%%%s  %s left",
		 (int)(fraction(p) * 100), rate_text, left);
	used = strlen(p->title) + strlen(tail) + 4;
	cells = width > used ? (unsigned int)(width - used) : 0;
	if (cells > 40)
		cells = 40;
	bar[0] = '\0';
	if (cells >= 5) {
		full = (unsigned int)(fraction(p) * cells);
		snprintf(bar, sizeof(bar), " [%.*s%.*s]", (int)full,
			 "########################################",
			 (int)(cells - full),
			 "........................................");
	}
	snprintf(buf, size, "%s%s%s", p->title, bar, tail);
	if (width && strlen(buf) >= width && width - 1 < size)
		buf[width - 1] = '\0';
}

static void show_json(struct progress *p, long long elapsed_ms,
		      const char *state)
{
	struct json_object *o = jsonout_new();
	long long eta = progress_eta_s(p, elapsed_ms);

	jsonout_string(o, "event", "progress");
	jsonout_string(o, "title", p->title);
	jsonout_string(o, "state", state);
	jsonout_u64(o, "percent", (uint64_t)(fraction(p) * 100));
	jsonout_u64(o, "elapsed_ms", (uint64_t)elapsed_ms);
	json_object_object_add(o, "eta_s",
			       eta < 0 ? NULL : json_object_new_int64(eta));
	if (p->bytes) {
		jsonout_u64(o, "bytes", p->bytes);
		jsonout_u64(o, "bytes_per_s", rate(p, elapsed_ms));
	}
	fprintf(p->out, "%s\n",
		json_object_to_json_string_ext(
			o, JSON_C_TO_STRING_PLAIN |
				   JSON_C_TO_STRING_NOSLASHESCAPE));
	fflush(p->out);
	json_object_put(o);
}

static void show_bar(struct progress *p, long long elapsed_ms)
{
	struct winsize ws = { 0 };
	char line[512];

	if (ioctl(fileno(p->out), TIOCGWINSZ, &ws) || !ws.ws_col)
		ws.ws_col = 80;
	progress_line(p, elapsed_ms, ws.ws_col, line, sizeof(line));
	fprintf(p->out, "\r%s\033[K", line);
	fflush(p->out);
}

void progress_update(struct progress *p, uint64_t done, uint64_t total)
{
	long long now = clock_ms();

	/* Parallel parts finish out of order: never step back. */
	if (total != p->total || done > p->done)
		p->done = done;
	p->total = total;
	if (p->style == PROGRESS_NONE ||
	    (p->shown && now - p->shown_ms < SHOW_EVERY_MS))
		return;
	p->shown = true;
	p->shown_ms = now;
	if (p->style == PROGRESS_JSON)
		show_json(p, now - p->start_ms, "running");
	else
		show_bar(p, now - p->start_ms);
}

void progress_end(struct progress *p, bool ok)
{
	long long elapsed_ms = clock_ms() - p->start_ms;

	if (ok) {
		p->total = p->total ? p->total : 1;
		p->done = p->total;
	}
	if (p->style == PROGRESS_JSON) {
		show_json(p, elapsed_ms, ok ? "done" : "failed");
	} else if (p->style == PROGRESS_BAR && p->shown) {
		if (ok)
			show_bar(p, elapsed_ms);
		fputs(ok ? "\n" : "\r\033[K", p->out);
		fflush(p->out);
	}
}
