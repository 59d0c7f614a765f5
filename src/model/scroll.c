/*
 * A selection that stays inside its list, and a window that follows it.
 */
#include <tracetrack/scroll.h>

static void scroll_follow(struct tt_scroll *s)
{
	size_t most = s->count > s->height ? s->count - s->height : 0;

	if (s->selected >= s->count)
		s->selected = s->count ? s->count - 1 : 0;
	if (s->selected < s->top)
		s->top = s->selected;
	if (s->height > 0 && s->selected >= s->top + s->height)
		s->top = s->selected - s->height + 1;
	if (s->top > most)
		s->top = most;
}

void tt_scroll_resize(struct tt_scroll *s, size_t count, size_t height)
{
	s->count = count;
	s->height = height;
	scroll_follow(s);
}

void tt_scroll_to(struct tt_scroll *s, size_t row)
{
	s->selected = row;
	scroll_follow(s);
}

void tt_scroll_by(struct tt_scroll *s, long rows)
{
	if (rows < 0 && (size_t)-rows > s->selected)
		tt_scroll_to(s, 0);
	else
		tt_scroll_to(s, s->selected + (size_t)rows);
}

void tt_scroll_page(struct tt_scroll *s, long pages)
{
	long rows = s->height > 1 ? (long)s->height - 1 : 1;

	tt_scroll_by(s, pages * rows);
}
