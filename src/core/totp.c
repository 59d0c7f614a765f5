/*
 * Codes of a second factor, through liboath.
 */
#include <tracetrack/totp.h>

#include <ctype.h>
#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

#include <tracetrack/text.h>

#define TOTP_TEXT_MAX 256

/* The letters of a secret, upper-case, without what people put between them. */
static size_t totp_letters(char dst[TOTP_TEXT_MAX], const char *text)
{
	const char *in = text;
	size_t n = 0;

	if (strncmp(text, "otpauth://", 10) == 0) {
		in = strstr(text, "secret=");
		in = in ? in + 7 : "";
	}
	for (; *in && *in != '&' && n + 1 < TOTP_TEXT_MAX; in++) {
		if (!strchr(" -=", *in))
			dst[n++] = (char)toupper((unsigned char)*in);
	}
	dst[n] = '\0';
	return n;
}

bool tt_totp_is_secret(const char *text)
{
	char letters[TOTP_TEXT_MAX];
	size_t n = totp_letters(letters, text);
	bool is_base32 = strspn(letters, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == n;

	explicit_bzero(letters, sizeof(letters));
	return is_base32 && n >= TT_TOTP_SECRET_MIN;
}

enum tt_rc tt_totp_code(char **code, const char *secret, tt_time at, struct tt_error *err)
{
	char letters[TOTP_TEXT_MAX], digits[7], *bytes = NULL;
	size_t n = totp_letters(letters, secret), len = 0;
	int rc = oath_base32_decode(letters, n, &bytes, &len);

	*code = NULL;
	explicit_bzero(letters, sizeof(letters));
	if (rc == OATH_OK)
		rc = oath_totp_generate(
			bytes, len, (time_t)(at / 1000000), TT_TOTP_STEP_S, 0, 6, digits);
	if (bytes)
		explicit_bzero(bytes, len);
	free(bytes);
	if (rc != OATH_OK)
		return tt_fail(err, TT_CONFIG, "the secret of the second factor can't be used: %s",
			oath_strerror(rc));
	*code = tt_strdup(digits);
	return TT_OK;
}
