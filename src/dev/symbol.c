/*
 * AIM identifiers, ISO/IEC 15424: "]", a letter for the symbology, a modifier.
 */
#include <tracetrack/symbol.h>

#include <string.h>

/* The first row that fits wins: rows with a modifier stand before the one without. */
const struct tt_symbology tt_symbology_table[] = {
	{'A', 0, false, "Code 39"},
	{'C', '1', true, "GS1-128"},
	{'C', 0, false, "Code 128"},
	{'E', '4', false, "EAN-8"},
	{'E', 0, false, "EAN-13/UPC"},
	{'F', 0, false, "Codabar"},
	{'G', 0, false, "Code 93"},
	{'H', 0, false, "Code 11"},
	{'I', 0, false, "ITF"},
	{'J', '1', true, "GS1 DotCode"},
	{'J', 0, false, "DotCode"},
	{'K', 0, false, "Code 16K"},
	{'L', 0, false, "PDF417"},
	{'M', 0, false, "MSI"},
	{'O', 0, false, "OCR"},
	{'Q', '3', true, "GS1 QR"},
	{'Q', 0, false, "QR"},
	{'R', 0, false, "Straight 2 of 5"},
	{'S', 0, false, "Straight 2 of 5"},
	{'U', 0, false, "MaxiCode"},
	{'X', 0, false, "other"},
	{'d', '2', true, "GS1 Data Matrix"},
	{'d', 0, false, "Data Matrix"},
	{'e', '0', true, "GS1 DataBar"},
	{'e', 0, false, "GS1 composite"},
	{'h', 0, false, "Han Xin"},
	{'o', 0, false, "OCR"},
	{'z', 0, false, "Aztec"},
	{0, 0, false, NULL},
};

static const struct tt_symbology *aim_find(char code, char modifier)
{
	for (const struct tt_symbology *s = tt_symbology_table; s->name; s++)
		if (s->code == code && (!s->modifier || s->modifier == modifier))
			return s;
	return NULL;
}

static bool aim_is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool aim_is_modifier(char c)
{
	return (c >= '0' && c <= '9') || aim_is_letter(c);
}

void tt_symbol_split(const char *s, size_t len, struct tt_symbol *symbol)
{
	const struct tt_symbology *known;

	*symbol = (struct tt_symbol){.symbology = "", .data = s, .len = len};
	if (len < 3 || s[0] != ']' || !aim_is_letter(s[1]) || !aim_is_modifier(s[2]))
		return;
	known = aim_find(s[1], s[2]);
	memcpy(symbol->aim, s, 3);
	symbol->symbology = known ? known->name : "unknown";
	symbol->is_gs1 = known && known->is_gs1;
	symbol->data += 3;
	symbol->len -= 3;
}
