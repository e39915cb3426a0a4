/* Canonical JSON (RFC 8785 without floats), read in place: each `skip_` passes over one piece of text
 * and answers 1, or 0 where the text is not plainly canonical.
 */
#pragma once
#include <stdint.h>
#include <string.h>

#define MAX_DEPTH 32
#define MAX_INTEGER 9007199254740991LL /* 2^53 - 1 */

typedef unsigned char byte;

typedef struct {
    const byte *at, *end; /* a NUL byte stands at the end */
} Text;

static byte plain[256]; /* ASCII that stands in a string as it is */

/* The first byte from `p` on that is not plain; eight at a time. */
static const byte *skip_plain(const byte *p, const byte *end) {
    const uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
    for (uint64_t eight; end - p >= 8; p += 8) {
        memcpy(&eight, p, 8);
        uint64_t quote = eight ^ ones * '"', slash = eight ^ ones * '\\';
        eight = (eight | (eight - ones * 0x20) | (quote - ones) | (slash - ones)) & tops;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        if (eight) return p + __builtin_ctzll(eight) / 8; /* borrows only reach higher bytes */
#else
        if (eight) break;
#endif
    }
    while (plain[*p]) p++;
    return p;
}

static int utf8(const byte *p, const byte *end) {
    byte c = p[0], d = p[1];
    int size = c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    if (!size || end - p < size) return 0;
    for (int at = 1; at < size; at++)
        if ((p[at] & 0xC0) != 0x80) return 0;
    if ((c == 0xE0 && d < 0xA0) || (c == 0xED && d > 0x9F)) return 0;
    if ((c == 0xF0 && d < 0x90) || (c == 0xF4 && d > 0x8F)) return 0;
    return size;
}

/* Length of the shortest escape there: those with a letter, else a control character's \u00xx. */
static int escape(const byte *p, const byte *end) {
    if (end - p >= 2 && p[1] && strchr("\"\\bfnrt", p[1])) return 2;
    if (end - p < 6 || memcmp(p, "\\u00", 4) || (p[4] != '0' && p[4] != '1')) return 0;
    const char *digits = "0123456789abcdef", *digit = p[5] ? strchr(digits, p[5]) : NULL;
    if (!digit) return 0;
    int code = (p[4] - '0') * 16 + (int)(digit - digits);
    return code == 8 || code == 9 || code == 10 || code == 12 || code == 13 ? 0 : 6;
}

static int skip_string(Text *t) {
    const byte *p = t->at;
    if (*p++ != '"') return 0;
    for (;;) {
        p = skip_plain(p, t->end);
        if (p >= t->end) return 0;
        if (*p == '"') break;
        int size = *p == '\\' ? escape(p, t->end) : utf8(p, t->end);
        if (!size) return 0;
        p += size;
    }
    t->at = p + 1;
    return 1;
}

static int skip_integer(Text *t) {
    const byte *p = t->at;
    int64_t value = 0;
    int negative = *p == '-', digits = 0;
    p += negative;
    if (*p == '0' && negative) return 0;
    if (*p == '0' && p[1] >= '0' && p[1] <= '9') return 0;
    for (; *p >= '0' && *p <= '9'; p++) {
        if (++digits > 16) return 0;
        value = value * 10 + (*p - '0');
    }
    t->at = p;
    return digits && value <= MAX_INTEGER;
}

static int skip_word(Text *t, const char *word, Py_ssize_t size) {
    if (t->end - t->at < size || memcmp(t->at, word, (size_t)size)) return 0;
    t->at += size;
    return 1;
}

/* Which of two keys sorts first: below, at or above 0. Most differ at once. */
static int compare(const byte *one, Py_ssize_t size, const byte *other, Py_ssize_t length) {
    if (size && length && *one != *other) return *one - *other;
    int order = memcmp(one, other, (size_t)(size < length ? size : length));
    return order ? order : (size > length) - (size < length);
}

/* A key of plain ASCII that sorts behind the last one; `key` and `size` become it. */
static int next_key(Text *t, const byte **key, Py_ssize_t *size) {
    const byte *p = t->at;
    if (*p++ != '"') return 0;
    const byte *start = p;
    p = skip_plain(p, t->end);
    if (*p != '"' || p[1] != ':') return 0;
    Py_ssize_t length = p - start;
    if (*key && compare(*key, *size, start, length) >= 0) return 0;
    *key = start;
    *size = length;
    t->at = p + 2;
    return 1;
}

static int skip_value(Text *t, int depth) {
    byte open = *t->at;
    if (open == '"') return skip_string(t);
    if (open == 't') return skip_word(t, "true", 4);
    if (open == 'f') return skip_word(t, "false", 5);
    if (open == 'n') return skip_word(t, "null", 4);
    if (open != '{' && open != '[') return skip_integer(t);
    if (depth >= MAX_DEPTH) return 0;
    byte close = open == '{' ? '}' : ']';
    const byte *key = NULL;
    Py_ssize_t size = 0;
    if (*++t->at == close) {
        t->at++;
        return 1;
    }
    for (;;) {
        if (open == '{' && !next_key(t, &key, &size)) return 0;
        if (!skip_value(t, depth + 1)) return 0;
        byte next = *t->at++;
        if (next == close) return 1;
        if (next != ',') return 0;
    }
}
