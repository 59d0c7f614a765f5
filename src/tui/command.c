/*
 * What a person can do, one row each, and the short functions behind the rows.
 */
#include <tracetrack/command.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

#include "nouns.h"
#include "screen_impl.h"

#define SCAN TT_SCOPE_SCAN
#define LISTS                                                                                    \
	(TT_SCOPE_LOOKUP | TT_SCOPE_DEVICES | TT_SCOPE_HELP | TT_SCOPE_MENU | TT_SCOPE_DETAILS | \
		TT_SCOPE_ASK | NOUNS)
#define NOUNS (TT_SCOPE_TABLE | TT_SCOPE_RECORD | TT_SCOPE_BOARD)
#define BACK (LISTS | TT_SCOPE_PROMPT)
#define WORK (TT_SCOPE_SCAN | TT_SCOPE_LOOKUP | TT_SCOPE_DEVICES | NOUNS)
#define ANYWHERE (WORK | TT_SCOPE_LOGIN | TT_SCOPE_HELP | TT_SCOPE_MENU | TT_SCOPE_DETAILS)
#define PLACES (WORK | TT_SCOPE_LOGIN)

/* ---- views */

static void command_close_form(struct tt_screen *s, int lane, const char *text);

static const struct view_ops *const command_views[] = {
	&view_lookup, &view_devices, &view_help, &view_menu, &view_details, &view_prompt, NULL};

/* Open the view of that name, unless it is open. */
static void command_open(struct tt_screen *s, const char *name)
{
	const struct view_ops *const *ops;

	for (ops = command_views; *ops && strcmp((*ops)->name, name) != 0; ops++)
		;
	if (*ops && !view_find(s, *ops))
		view_open(s, *ops, NULL);
}

static void command_lookup(struct tt_screen *s, const char *argument)
{
	struct view *v = view_find(s, &view_lookup);

	if (v)
		view_close(v);
	view_open(s, &view_lookup, argument);
}

static void command_back(struct tt_screen *s, const char *argument)
{
	struct view_question q = {"Leave the form", "What was typed here is lost then. Leave?",
		"leave", NULL, s->lane, command_close_form};

	(void)argument;
	if (s->top->ops == &view_form && form_is_changed(s->top))
		view_open(s, &view_ask, &q);
	else if (s->top->below)
		view_close(s->top);
}

static void command_select(struct tt_screen *s, const char *argument)
{
	struct view *v = s->top;

	(void)argument;
	if (v->ops->select && (v->ops->select(v) & VIEW_CLOSE))
		view_close(v);
}

/* ---- nouns: their lists, and what can be done in these */

static void command_noun(struct tt_screen *s, const char *name)
{
	const struct noun *noun = noun_find(name);

	view_close_all(s);
	if (noun->list)
		list_open_noun(s, noun, "");
	else
		record_open_code(s, noun, "");
}

/* The one that is selected or shown; false when there is none. */
static bool command_one(struct tt_screen *s, struct noun_one *one)
{
	if (s->top->ops == &view_list)
		return list_one(s->top, one);
	return s->top->ops == &view_record && record_one(s->top, one);
}

static void command_dashboard(struct tt_screen *s, const char *argument)
{
	(void)argument;
	view_close_all(s);
	view_open(s, &view_dashboard, NULL);
}

static void command_pause(struct tt_screen *s, const char *argument)
{
	(void)argument;
	board_pause(s->top);
}

static void command_pace(struct tt_screen *s, const char *how)
{
	board_pace(s->top, *how == '+' ? 1 : -1);
}

static void command_filter(struct tt_screen *s, const char *text)
{
	if (*text != '\0')
		list_filter(s->top, text);
	else
		view_open(s, &view_filter, NULL);
}

static void command_mark(struct tt_screen *s, const char *argument)
{
	(void)argument;
	list_mark(s->top);
}

static void command_export(struct tt_screen *s, const char *argument)
{
	(void)argument;
	list_export(s->top);
}

static void command_print(struct tt_screen *s, const char *argument)
{
	(void)argument;
	record_print(s->top);
}

static void command_sort(struct tt_screen *s, const char *how)
{
	list_sort(s->top, *how != '\0');
}

static void command_period(struct tt_screen *s, const char *argument)
{
	(void)argument;
	list_choose_next(s->top);
}

/* Of the selected one, of that which is shown, or of what is typed: "bag SB00001". */
static void command_history(struct tt_screen *s, const char *what)
{
	char text[200], kind[40], key[100] = "";
	struct noun_one one = {0};

	if (*what != '\0' && sscanf(what, "%39s %99s", kind, key) == 2)
		tt_format(text, sizeof(text), "kind=%s key=%s", kind, key);
	else if (*what == '\0' && command_one(s, &one) && one.noun->audit)
		tt_format(text, sizeof(text), "kind=%s key=%s", one.noun->audit, one.key);
	else
		text[0] = '\0';
	if (text[0] != '\0')
		list_open_noun(s, &noun_history, text);
	else
		screen_say(
			s, STYLE_WARNING, "Say of what: history bag SB00001, history person asha.");
}

static void command_refresh(struct tt_screen *s, const char *argument)
{
	(void)argument;
	screen_refresh(s);
}

static void command_actions(struct tt_screen *s, const char *argument)
{
	struct noun_one one;

	(void)argument;
	if (command_one(s, &one))
		view_open(s, &view_actions, NULL);
	else
		screen_say(s, STYLE_WARNING, "Nothing is selected here.");
}

static void command_new(struct tt_screen *s, const char *argument)
{
	struct form_arg arg = {0};
	struct noun_one one;

	(void)argument;
	(void)list_one(s->top, &one);
	arg.op = noun_operation(one.noun->create);
	if (!arg.op)
		screen_say(s, STYLE_WARNING, "There is nothing to make new here.");
	else if (!screen_may(s, arg.op))
		screen_say(s, STYLE_WARNING, "You may not make new ones.");
	else
		view_open(s, &view_form, &arg);
}

static void command_form(struct tt_screen *s, const char *operation)
{
	struct form_arg arg = {.op = noun_operation(operation)};

	view_open(s, &view_form, &arg);
}

static void command_submit(struct tt_screen *s, const char *argument)
{
	(void)argument;
	form_submit(s->top);
}

static void command_close_form(struct tt_screen *s, int lane, const char *text)
{
	struct view *v = view_find(s, &view_form);

	(void)lane;
	(void)text;
	if (v)
		view_close(v);
}

/* ---- moving in lists */

struct command_move {
	const char *name;
	long rows, pages;
};

static const struct command_move command_moves[] = {
	{"up", -1, 0},
	{"down", 1, 0},
	{"page-up", 0, -1},
	{"page-down", 0, 1},
	{"first", -1000000, 0},
	{"last", 1000000, 0},
	{NULL, 0, 0},
};

static void command_move(struct tt_screen *s, const char *where)
{
	struct tt_scroll *list = s->top->ops->list ? s->top->ops->list(s->top) : NULL;
	const struct command_move *row;

	for (row = command_moves; list && row->name; row++) {
		if (strcmp(row->name, where) != 0)
			continue;
		tt_scroll_by(list, row->rows);
		if (row->pages)
			tt_scroll_page(list, row->pages);
	}
}

/* ---- the lane */

static void command_finish(struct tt_screen *s, const char *argument)
{
	(void)argument;
	tt_station_finish(s->station, s->lane, NULL);
}

static void command_close_short(struct tt_screen *s, int lane, const char *reason)
{
	tt_station_short(s->station, lane, reason, NULL);
}

static void command_short(struct tt_screen *s, const char *reason)
{
	static const char *const reasons[] = {"no more goods for this bag", "the bag is damaged",
		"end of the shift", "urgent departure", NULL};
	static const char *const bill_reasons[] = {
		"no more goods for this truck", "the truck is full", "urgent departure", NULL};
	const struct tt_lane *lane = screen_lane(s);
	struct view_question q = {"Close short", NULL, "close it short",
		*lane->bill ? bill_reasons : reasons, s->lane, command_close_short};
	char text[200];

	if (*reason != '\0' || (lane->parent[0] == '\0' && lane->bill[0] == '\0')) {
		command_close_short(s, s->lane, *reason ? reason : "closed short");
		return;
	}
	tt_format(text, sizeof(text), "Why is %s closed before it is full?",
		*lane->bill ? lane->bill : lane->parent);
	q.text = text;
	view_open(s, &view_ask, &q);
}

static void command_undo(struct tt_screen *s, const char *argument)
{
	(void)argument;
	tt_station_undo(s->station, s->lane, NULL);
}

static void command_confirm(struct tt_screen *s, const char *argument)
{
	(void)argument;
	tt_station_confirm(s->station, s->lane, NULL);
}

static void command_cancel(struct tt_screen *s, const char *argument)
{
	(void)argument;
	tt_station_cancel(s->station, s->lane, NULL);
}

/* Esc: only what takes nothing away. */
static void command_decline(struct tt_screen *s, const char *argument)
{
	enum tt_lane_state state = screen_lane(s)->state;

	if (state == TT_LANE_ASKING || state == TT_LANE_STOPPED)
		command_cancel(s, argument);
}

static void command_lane(struct tt_screen *s, const char *argument)
{
	int lanes = (int)tt_station_lanes(s->station), lane = (s->lane + 1) % lanes;

	if (*argument != '\0')
		lane = tt_station_lane_find(s->station, argument);
	if (lane >= 0 && lane < lanes)
		s->lane = lane;
	screen_say(s, STYLE_WARNING, lane < 0 ? "There is no such lane." : "");
}

static void command_scan(struct tt_screen *s, const char *code)
{
	if (*code != '\0')
		screen_scan(s, code, strlen(code), 0);
	else
		screen_say(s, STYLE_WARNING, "Say which code: scan CODE");
}

static void command_demo(struct tt_screen *s, const char *argument)
{
	(void)argument;
	if (s->options.demo)
		s->options.demo(s->options.ctx, s->lane);
}

/* ---- the station */

static void command_lock(struct tt_screen *s, const char *argument)
{
	(void)argument;
	tt_station_lock(s->station);
}

static void command_logout(struct tt_screen *s, const char *argument)
{
	(void)argument;
	tt_station_logout(s->station);
}

static void command_connect(struct tt_screen *s, const char *argument)
{
	(void)argument;
	tt_link_kick(tt_station_link_mut(s->station));
}

static void command_beep(struct tt_screen *s, const char *argument)
{
	struct tt_scroll *list = s->top->ops->list(s->top);

	(void)argument;
	if (list->count == 0) {
		screen_say(s, STYLE_WARNING, "There is no scanner that could beep.");
		return;
	}
	if (s->options.beep)
		s->options.beep(s->options.ctx, list->selected);
	screen_say(s, STYLE_PLAIN, "The scanner should beep now, if its driver can make it.");
}

static void command_redraw(struct tt_screen *s, const char *argument)
{
	(void)argument;
	term_spoil(&s->term);
}

static void command_leave(struct tt_screen *s, int lane, const char *text)
{
	(void)lane;
	(void)text;
	screen_end(s, TT_SCREEN_QUIT);
}

static void command_quit(struct tt_screen *s, const char *argument)
{
	size_t waiting = tt_station_waiting(s->station);
	struct view_question q = {"Leave", NULL, "leave", NULL, s->lane, command_leave};
	char text[200] = "Leave this station?";

	(void)argument;
	if (waiting > 0)
		tt_format(text, sizeof(text),
			"%zu %s here for the database. They are safe on this station's disk and "
			"are "
			"sent when it runs again. Leave?",
			waiting, waiting == 1 ? "scan waits" : "scans wait");
	q.text = text;
	if (!view_find(s, &view_ask))
		view_open(s, &view_ask, &q);
}

/* clang-format off */
const struct tt_command tt_commands[] = {
	{"help", command_open, "help", NULL, "Help", "all commands, searchable; Enter runs one",
		"general", ANYWHERE & ~(unsigned)TT_SCOPE_HELP, "F1"},
	{"finish", command_finish, NULL, NULL, "Finish", "close the parent as complete", "scanning",
		SCAN, "F2"},
	{"short", command_short, NULL, "[REASON]", "Short", "close the parent before it is full",
		"scanning", SCAN, "F3"},
	{"undo", command_undo, NULL, NULL, "Undo", "take back this lane's last scan", "scanning",
		SCAN, "F4"},
	{"lookup", command_lookup, NULL, "[CODE]", "Lookup", "what the database knows of a code",
		"general", SCAN | TT_SCOPE_DEVICES | NOUNS, "F5"},
	{"confirm", command_confirm, NULL, NULL, "Relink",
		"take the offered move, or acknowledge a stop", "scanning", SCAN, "F6"},
	{"cancel", command_cancel, NULL, NULL, "Cancel",
		"decline the offer, or leave the parent as it is and empty the lane", "scanning",
		SCAN, ""},
	{"decline", command_decline, NULL, NULL, "Decline",
		"decline the offer or acknowledge a stop; else nothing", "scanning", SCAN, "Esc"},
	{"lane", command_lane, NULL, "[LANE]", "Lane", "keys act on the next lane, or on this one",
		"scanning", SCAN, "F7"},
	{"scan", command_scan, NULL, "CODE", "Scan", "a code that no scanner can read", "scanning",
		SCAN, ""},
	{"demo-scan", command_demo, NULL, NULL, "Scan", "the next scan of the demonstration",
		"scanning", SCAN, "F12"},
	{"devices", command_open, "devices", NULL, "Devices", "scanners, what they sent, why not",
		"general", SCAN | TT_SCOPE_LOOKUP | TT_SCOPE_LOGIN | NOUNS, "F8"},
	{"beep", command_beep, NULL, NULL, "Beep", "let the selected scanner beep", "general",
		TT_SCOPE_DEVICES, "b"},
	{"details", command_open, "details", NULL, "Details",
		"the last answers with their codes, ids and errors", "general", SCAN, "F9"},
	{"menu", command_open, "menu", NULL, "Menu", "what else can be done here", "general",
		PLACES, "F10"},
	{"prompt", command_open, "prompt", NULL, "Command", "type a command; Tab completes",
		"general", ANYWHERE & ~(unsigned)(TT_SCOPE_HELP | TT_SCOPE_MENU), ":"},
	{"lock", command_lock, NULL, NULL, "Lock", "lock the station; lanes and queue stay",
		"station", WORK, ""},
	{"log-out", command_logout, NULL, NULL, "Log out", "end your work at this station",
		"station", WORK, ""},
	{"connect", command_connect, NULL, NULL, "Connect", "try the database again now", "station",
		PLACES, ""},
	{"redraw", command_redraw, NULL, NULL, "Redraw", "draw the screen afresh", "station",
		TT_SCOPE_ALL, "^L"},
	{"quit", command_quit, NULL, NULL, "Quit", "leave; what waits is kept and sent later",
		"station", PLACES, "^C"},
	{"password", command_form, "session.password", NULL, "Password",
		"change your password; your other sessions end", "station", WORK, ""},
	{"pin", command_form, "session.pin", NULL, "PIN",
		"set a PIN that unlocks your stations, or take it away", "station", WORK, ""},
	{"second-factor", command_form, "totp.enrol", NULL, "Second factor",
		"begin a second factor: a code of an authenticator at each login", "station",
		WORK, ""},
	{"backup-codes", command_form, "totp.codes", NULL, "Backup codes",
		"new backup codes of the second factor in place of the old", "station", WORK, ""},
	{"second-factor-off", command_form, "totp.disable", NULL, "Factor off",
		"switch the second factor off", "station", WORK, ""},
	{"dashboard", command_dashboard, NULL, NULL, "Dashboard",
		"what happens in the warehouse now", "screens", WORK, ""},
	{"pause", command_pause, NULL, NULL, "Pause", "stop the dashboard, or let it run", "lists",
		TT_SCOPE_BOARD, "Space F2"},
	{"faster", command_pace, "+", NULL, "Faster", "ask more often", "lists", TT_SCOPE_BOARD,
		"+ F3"},
	{"slower", command_pace, "-", NULL, "Slower", "ask less often", "lists", TT_SCOPE_BOARD,
		"- F4"},
	{"new", command_new, NULL, NULL, "New", "make a new one", "lists", TT_SCOPE_TABLE, "n F2"},
	{"actions", command_actions, NULL, NULL, "Actions", "what can be done with this one",
		"lists", TT_SCOPE_TABLE | TT_SCOPE_RECORD, "a F3"},
	{"submit", command_submit, NULL, NULL, "Do it", "send the form", "lists", TT_SCOPE_FORM,
		"F2"},
	{"filter", command_filter, NULL, "[WORDS]", "Filter",
		"only the rows that have these words", "lists", TT_SCOPE_TABLE, "/ F7"},
	{"sort", command_sort, "", NULL, "Sort", "by the next column", "lists", TT_SCOPE_TABLE,
		"s F6"},
	{"reverse", command_sort, "reverse", NULL, "Reverse", "sort the other way round", "lists",
		TT_SCOPE_TABLE, "S"},
	{"period", command_period, NULL, NULL, "Period", "a longer period, or a shorter one again",
		"lists", TT_SCOPE_TABLE, "p F4"},
	{"history", command_history, NULL, "[KIND KEY]", "History",
		"what was done to the selected one, by whom and when", "lists",
		TT_SCOPE_TABLE | TT_SCOPE_RECORD, "h"},
	{"mark", command_mark, NULL, NULL, "Mark", "mark the row, or take its mark away", "lists",
		TT_SCOPE_TABLE, "m"},
	{"export", command_export, NULL, NULL, "Export",
		"write the marked rows, or all that are shown, to a CSV file of this station",
		"lists", TT_SCOPE_TABLE, "e F9"},
	{"print", command_print, NULL, NULL, "Print",
		"write the bill as text, as it is sent along, to a file of this station", "lists",
		TT_SCOPE_RECORD, "p F9"},
	{"refresh", command_refresh, NULL, NULL, "Refresh", "read it again", "lists",
		TT_SCOPE_TABLE | TT_SCOPE_RECORD, "r R"},
	{"up", command_move, "up", NULL, "Up", "one row up", "moving", LISTS, "Up k"},
	{"down", command_move, "down", NULL, "Down", "one row down", "moving", LISTS, "Down j"},
	{"page-up", command_move, "page-up", NULL, "Page up", "a window up", "moving", LISTS,
		"PgUp"},
	{"page-down", command_move, "page-down", NULL, "Page down", "a window down", "moving",
		LISTS, "PgDn"},
	{"first", command_move, "first", NULL, "First", "the first row", "moving", LISTS, "Home g"},
	{"last", command_move, "last", NULL, "Last", "the last row", "moving", LISTS, "End G"},
	{"select", command_select, NULL, NULL, "Select", "do or open what is selected", "moving",
		BACK | TT_SCOPE_FILTER | TT_SCOPE_FORM | TT_SCOPE_LOGIN, "Enter"},
	{"back", command_back, NULL, NULL, "Back", "leave this view or dialog", "general",
		BACK | TT_SCOPE_FORM, "Esc q ^C"},
	{NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL},
};
/* clang-format on */

#define COMMAND_COUNT (sizeof(tt_commands) / sizeof(*tt_commands) - 1)
#define COMMAND_NOUNS 24

/* Each noun is a command too. */
const struct tt_command *tt_command_at(size_t n)
{
	static struct tt_command made[COMMAND_NOUNS];
	const struct noun *noun;
	size_t i;

	if (n < COMMAND_COUNT)
		return &tt_commands[n];
	n -= COMMAND_COUNT;
	for (i = 0; i < COMMAND_NOUNS && i <= n && nouns[i].name; i++) {
		noun = &nouns[i];
		made[i] = (struct tt_command){noun->name, command_noun, noun->name, NULL,
			noun->title, noun->help, "screens", WORK, ""};
	}
	return i > n ? &made[n] : NULL;
}

const struct tt_command *tt_command_find(const char *name)
{
	const struct tt_command *row;
	size_t n;

	for (n = 0; (row = tt_command_at(n)) != NULL && strcmp(row->name, name) != 0; n++)
		;
	return row;
}

static bool command_has_key(const struct tt_command *row, int key)
{
	const char *keys = row->keys;
	size_t len;

	for (; *keys != '\0'; keys += len, keys += strspn(keys, " ")) {
		len = strcspn(keys, " ");
		if (keys_parse(keys, len) == key)
			return true;
	}
	return false;
}

static bool command_may(const struct tt_screen *s, const char *operation)
{
	const struct tt_operation *op = noun_operation(operation);

	return op && screen_may(s, op);
}

/* Can one of the noun that is looked at be made, or something be done with it? */
static bool command_is_for_noun(const struct tt_screen *s, bool is_new)
{
	struct noun_one one = {0};
	struct view *v;
	char name[64];
	size_t i;

	for (v = s->top; v && v->ops != &view_list && v->ops != &view_record; v = v->below)
		;
	if (v && v->ops == &view_list)
		(void)list_one(v, &one);
	else if (v)
		(void)record_one(v, &one);
	if (!one.noun || is_new)
		return one.noun && command_may(s, one.noun->create);
	for (i = 0; noun_action(one.noun, i, name, sizeof(name)); i++) {
		if (command_may(s, name))
			return true;
	}
	return false;
}

bool command_is_there(const struct tt_screen *s, const struct tt_command *row, unsigned scope)
{
	if (!(row->scope & scope))
		return false;
	if (!screen_takes_keys(s) && scope != TT_SCOPE_ALL)
		return row->run == command_quit;
	if (row->run == command_demo)
		return s->options.demo != NULL;
	if (row->run == command_noun)
		return command_may(s, noun_first(noun_find(row->name)));
	if (row->run == command_form)
		return command_may(s, row->argument);
	if (row->run == command_dashboard)
		return command_may(s, "stats.dashboard");
	if (row->run == command_history)
		return command_may(s, noun_history.list);
	if (row->run == command_period)
		return s->top->ops != &view_list || list_has_choices(s->top);
	if (row->run == command_print)
		return s->top->ops != &view_record || record_can_print(s->top);
	if (row->run == command_new || row->run == command_actions)
		return command_is_for_noun(s, row->run == command_new);
	return row->run != command_lane || tt_station_lanes(s->station) > 1;
}

const struct tt_command *command_for_key(const struct tt_screen *s, unsigned scope, int key)
{
	const struct tt_command *row;
	size_t n;

	for (n = 0; (row = tt_command_at(n)) != NULL; n++) {
		if (command_is_there(s, row, scope) && command_has_key(row, key))
			return row;
	}
	return NULL;
}

void command_run(struct tt_screen *s, const struct tt_command *row, const char *argument)
{
	row->run(s, row->argument ? row->argument : argument);
}

static void command_unknown(struct tt_screen *s, const char *name)
{
	const struct tt_command *row, *nearest = NULL;
	unsigned least = UINT_MAX;
	char text[160];
	size_t n;

	for (n = 0; (row = tt_command_at(n)) != NULL; n++) {
		if (command_is_there(s, row, s->top->ops->scope) &&
			tt_is_nearer(name, row->name, &least))
			nearest = row;
	}
	tt_format(text, sizeof(text), "There is no command '%.40s'.%s%s%s", name,
		nearest ? " Did you mean " : " F1 shows all.", nearest ? nearest->name : "",
		nearest ? "?" : "");
	screen_say(s, STYLE_WARNING, text);
}

bool command_run_line(struct tt_screen *s, const char *line)
{
	const struct tt_command *row;
	char name[TT_EDITOR_MAX], text[160];
	size_t len;

	line += strspn(line, " ");
	len = strcspn(line, " ");
	tt_copy_n(name, sizeof(name), line, len);
	line += len;
	line += strspn(line, " ");
	row = tt_command_find(name);
	if (!row) {
		command_unknown(s, name);
		return false;
	}
	if (!command_is_there(s, row, s->top->ops->scope)) {
		tt_format(text, sizeof(text), "'%s' can't be used here.", row->name);
		screen_say(s, STYLE_WARNING, text);
		return false;
	}
	command_run(s, row, line);
	return true;
}
