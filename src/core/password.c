/*
 * Argon2id through libsodium, and passwords from files.
 */
#include <tracetrack/password.h>

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <tracetrack/text.h>

enum tt_rc tt_password_proof(char proof[TT_PROOF_HEX], const char *password, const char *salt,
	int64_t ops, int64_t mem, struct tt_error *err)
{
	unsigned char salt_bytes[crypto_pwhash_SALTBYTES], out[32];

	if (sodium_init() < 0)
		return tt_fail(err, TT_INTERNAL, "libsodium does not start");
	if (ops < TT_ARGON_OPS || mem < TT_ARGON_MEM || ops > 64 || mem > 1 << 30) {
		tt_fail(err, TT_CONFIG, "the server asks for unsafe password hashing");
		tt_error_hint(
			err, "Check that this is the right server, then tell its administrator.");
		return TT_CONFIG;
	}
	if (tt_unhex(salt_bytes, sizeof(salt_bytes), salt) != (long)sizeof(salt_bytes))
		return tt_fail(err, TT_INTERNAL, "the server's salt can't be read");
	if (crypto_pwhash(out, sizeof(out), password, strlen(password), salt_bytes,
		    (unsigned long long)ops, (size_t)mem, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return tt_fail(err, TT_IO, "not enough memory to hash the password");
	tt_hex(proof, out, sizeof(out));
	sodium_memzero(out, sizeof(out));
	return TT_OK;
}

void tt_password_salt(char salt[TT_SALT_HEX])
{
	unsigned char bytes[crypto_pwhash_SALTBYTES];

	if (sodium_init() < 0)
		abort();
	randombytes_buf(bytes, sizeof(bytes));
	tt_hex(salt, bytes, sizeof(bytes));
}

void tt_password_verifier(char verifier[TT_PROOF_HEX], const char *proof)
{
	unsigned char bytes[32] = {0}, hash[crypto_hash_sha256_BYTES];

	(void)tt_unhex(bytes, sizeof(bytes), proof);
	crypto_hash_sha256(hash, bytes, sizeof(bytes));
	tt_hex(verifier, hash, sizeof(hash));
	sodium_memzero(bytes, sizeof(bytes));
}

enum tt_rc tt_password_hash(struct tt_hashed *hashed, const char *secret, struct tt_error *err)
{
	char proof[TT_PROOF_HEX];
	enum tt_rc rc;

	hashed->ops = TT_ARGON_OPS;
	hashed->mem = TT_ARGON_MEM;
	tt_password_salt(hashed->salt);
	rc = tt_password_proof(proof, secret, hashed->salt, hashed->ops, hashed->mem, err);
	if (rc == TT_OK)
		tt_password_verifier(hashed->verifier, proof);
	sodium_memzero(proof, sizeof(proof));
	return rc;
}

enum tt_rc tt_password_check(const char *password, struct tt_error *err)
{
	if (strlen(password) >= TT_PASSWORD_LENGTH_MIN)
		return TT_OK;
	return tt_fail(
		err, TT_USAGE, "a password needs at least %d characters", TT_PASSWORD_LENGTH_MIN);
}

enum tt_rc tt_pin_check(const char *pin, struct tt_error *err)
{
	size_t len = strlen(pin);

	if (len >= TT_PIN_LENGTH_MIN && len <= TT_PIN_LENGTH_MAX &&
		strspn(pin, "0123456789") == len)
		return TT_OK;
	return tt_fail(
		err, TT_USAGE, "a PIN is %d to %d digits", TT_PIN_LENGTH_MIN, TT_PIN_LENGTH_MAX);
}

void tt_badge_proof(char proof[TT_PROOF_HEX], const char *code)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, (const unsigned char *)code, strlen(code));
	tt_hex(proof, hash, sizeof(hash));
	sodium_memzero(hash, sizeof(hash));
}

enum tt_rc tt_password_read(char **password, const char *path, struct tt_error *err)
{
	struct stat st;
	char line[512];
	FILE *f = fopen(path, "re");

	*password = NULL;
	if (!f)
		return tt_fail(err, TT_CONFIG, "can't read the password file %s: %s", path,
			strerror(errno));
	if (fstat(fileno(f), &st) || !(S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode))) {
		fclose(f);
		return tt_fail(err, TT_CONFIG, "the password file %s is no file", path);
	}
	if ((st.st_mode & 077) != 0) {
		fclose(f);
		tt_fail(err, TT_CONFIG, "the password file %s can be read by others", path);
		tt_error_hint(err, "chmod 600 %s", path);
		return TT_CONFIG;
	}
	if (!fgets(line, sizeof(line), f))
		line[0] = '\0';
	fclose(f);
	if (strlen(line) == sizeof(line) - 1) {
		sodium_memzero(line, sizeof(line));
		return tt_fail(err, TT_CONFIG, "the password in %s is longer than %zu bytes", path,
			sizeof(line) - 2);
	}
	line[strcspn(line, "\r\n")] = '\0';
	if (*line == '\0')
		return tt_fail(err, TT_CONFIG, "the password file %s is empty", path);
	*password = tt_strdup(line);
	sodium_memzero(line, sizeof(line));
	return TT_OK;
}

void tt_password_free(char *password)
{
	if (!password)
		return;
	sodium_memzero(password, strlen(password));
	free(password);
}

static void password_fill(char *dst, size_t n)
{
	static const char letters[] = "abcdefghijkmnopqrstuvwxyz23456789";

	if (sodium_init() < 0)
		abort();
	while (n > 0)
		dst[--n] = letters[randombytes_uniform(sizeof(letters) - 1)];
}

void tt_password_make(char password[25])
{
	password_fill(password, 24);
	password[24] = '\0';
}

void tt_password_make_once(char password[TT_ONCE_LENGTH])
{
	password_fill(password, TT_ONCE_LENGTH - 1);
	password[4] = password[9] = '-';
	password[TT_ONCE_LENGTH - 1] = '\0';
}
