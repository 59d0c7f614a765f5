/*
 * Values: words, numbers in a form, and what a client has of its own.
 */
#include "value.h"

#include <inttypes.h>
#include <string.h>

#define VALUE_ROUNDS 1000 /* of a client, before its numbers are the next one's */

void value_world_init(struct value_world *w, struct profile *p, tt_time began_at)
{
	static const char letters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	uint64_t t = (uint64_t)began_at / 10000;
	int i;

	memset(w, 0, sizeof(*w));
	w->profile = p;
	w->hosts = 1;
	/* Hundredths of a second, of which seven letters know 24 years. */
	w->base = (long)(t * 2654435761u % 9000000);
	for (i = 6; i >= 0; i--, t /= 36)
		w->run[i] = letters[t % 36];
}

uint64_t value_seed(long seed, int number)
{
	uint64_t z =
		(uint64_t)seed * 0x9e3779b97f4a7c15u + (uint64_t)number * 0xd1342543de82ef95u + 1;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	z ^= z >> 31;
	return z ? z : 1;
}

long value_random(uint64_t *state, long least, long most)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return most > least ? least + (long)((*state >> 11) % (uint64_t)(most - least + 1)) : least;
}

/* The first of those that are shared now. */
static long value_shared(const struct value_world *w, const struct profile_value *v)
{
	double seconds = (double)(tt_steady_ns() - w->began_ns) / 1e9;

	return v->renewed_s > 0 && w->began_ns > 0 ? v->shared * (long)(seconds / v->renewed_s) : 0;
}

static long value_next(const struct value_world *w, struct profile_value *v)
{
	return (long)v->taken++ * w->hosts + w->host;
}

static size_t value_own(const struct profile_value *v, struct client *c)
{
	return (size_t)c->number * (size_t)v->own + c->own++ % (size_t)v->own;
}

static size_t value_number(const struct value_world *w, struct profile_value *v, struct client *c,
	char *dst, size_t size)
{
	long n, to = v->bound ? w->bounds[v->bound] : v->to, limit = 1;
	int i;

	for (i = 0; i < v->digits; i++)
		limit *= 10;
	if (v->own > 0)
		n = w->base + (long)value_own(v, c);
	else if (v->is_round)
		n = w->base + c->number * VALUE_ROUNDS + c->rounds;
	else if (v->is_next)
		n = (v->has_from ? v->from : w->base) + value_next(w, v);
	else if (v->shared > 0)
		n = w->base + value_shared(w, v) + value_random(&c->random, 0, v->shared - 1);
	else
		n = value_random(&c->random, v->from, to > v->from ? to : v->from);
	return tt_format(dst, size, "%s%0*ld%s", v->prefix, v->digits, n % limit, v->suffix);
}

static size_t value_write(struct value_world *w, struct client *c, const char *name, size_t len,
	char *dst, size_t size)
{
	struct profile *p = w->profile;
	struct profile_value *v;

	for (v = p->values; v < p->values + p->nvalues; v++) {
		if (strlen(v->name) != len || strncmp(v->name, name, len) != 0)
			continue;
		if (v->nwords > 0 && v->own > 0)
			return tt_copy(dst, size, v->words[value_own(v, c) % v->nwords]);
		if (v->nwords > 0 && v->is_next)
			return tt_copy(dst, size, v->words[v->taken++ % v->nwords]);
		if (v->nwords > 0)
			return tt_copy(dst, size,
				v->words[value_random(&c->random, 0, (long)v->nwords - 1)]);
		return value_number(w, v, c, dst, size);
	}
	if (strncmp(name, "run", len) == 0)
		return tt_copy(dst, size, w->run);
	if (strncmp(name, "client", len) == 0)
		return tt_format(dst, size, "%d", c->number + 1);
	if (strncmp(name, "kept", len) == 0)
		return tt_copy(dst, size, c->kept);
	return tt_copy(dst, size, *c->parent ? c->parent : "SB00000");
}

size_t value_expand(
	struct value_world *w, struct client *c, const char *send, char *dst, size_t size)
{
	size_t at = 0;
	const char *end;

	for (; *send && at + 2 < size; send++) {
		end = *send == '{' ? strchr(send, '}') : NULL;
		if (!end) {
			dst[at++] = *send;
			continue;
		}
		at += value_write(
			w, c, send + 1, (size_t)(end - send) - 1, dst + at, size - 1 - at);
		send = end;
	}
	dst[at++] = '\n';
	dst[at] = '\0';
	return at;
}
