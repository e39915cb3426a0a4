/* Keyed digests of many texts at once, and card numbers made from them.
 *
 * The compiled twin of functions in gateway/operators. HMAC is RFC 2104 over libcrypto's SHA-256;
 * where that is not to be found there is nothing here. Tests compare all of it with the Python.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "sha256.h"

#define BLOCK 64
#define MAX_HEAD 64

/* ---- HMAC ---- */

typedef struct {
    Context inner, outer; /* having taken in the key */
} Key;

/* Overwrite a secret; a plain memset of what is not read again may be left out. */
static void wipe(void *secret, size_t size) {
    volatile byte *at = secret;
    while (size--) *at++ = 0;
}

static void begin(Context *context, const byte *block, byte pad) {
    byte padded[BLOCK];
    for (int at = 0; at < BLOCK; at++) padded[at] = block[at] ^ pad;
    sha_init(context);
    sha_update(context, padded, BLOCK);
    wipe(padded, sizeof padded);
}

static void read_key(Key *key, const byte *data, size_t size) {
    byte block[BLOCK] = {0};
    Context context;
    if (size <= BLOCK)
        memcpy(block, data, size);
    else {
        sha_init(&context);
        sha_update(&context, data, size);
        sha_final(block, &context);
    }
    begin(&key->inner, block, 0x36);
    begin(&key->outer, block, 0x5c);
    wipe(block, sizeof block);
}

static void authenticate(const Key *key, const char *text, size_t size, byte *out) {
    Context context = key->inner;
    sha_update(&context, text, size);
    sha_final(out, &context);
    context = key->outer;
    sha_update(&context, out, SHA256_SIZE);
    sha_final(out, &context);
}

/* Append `made`, whose reference is taken. */
static int append(PyObject *list, PyObject *made) {
    int good = made && PyList_Append(list, made) == 0;
    Py_XDECREF(made);
    return good;
}

/* `head` and the digest in hex. */
static PyObject *in_hex(const byte *digest, const char *head, Py_ssize_t head_size) {
    static const char digits[] = "0123456789abcdef";
    char out[MAX_HEAD + 2 * SHA256_SIZE], *at = out + head_size;
    memcpy(out, head, (size_t)head_size);
    for (int place = 0; place < SHA256_SIZE; place++) {
        *at++ = digits[digest[place] >> 4];
        *at++ = digits[digest[place] & 15];
    }
    return PyUnicode_FromStringAndSize(out, at - out);
}

PyDoc_STRVAR(hmac_sha256_doc,
             "hmac_sha256(key, texts, head) -> the digest of each text in UTF-8\n\n"
             "As bytes where `head` is None, else as hex behind `head`.");

static PyObject *hmac_sha256(PyObject *module, PyObject *args) {
    const char *data, *head;
    Py_ssize_t data_size, head_size, size;
    PyObject *texts;
    byte digest[SHA256_SIZE];
    Key key;
    (void)module;
    if (!PyArg_ParseTuple(args, "y#Oz#", &data, &data_size, &texts, &head, &head_size)) return NULL;
    if (head && head_size > MAX_HEAD) return PyErr_Format(PyExc_ValueError, "too long a head");
    PyObject *held = PySequence_Tuple(texts);
    if (!held) return NULL;
    read_key(&key, (const byte *)data, (size_t)data_size);
    PyObject *out = PyList_New(0);
    for (Py_ssize_t at = 0; out && at < PyTuple_Size(held); at++) {
        const char *text = PyUnicode_AsUTF8AndSize(PyTuple_GetItem(held, at), &size);
        PyObject *made = NULL;
        if (text) {
            authenticate(&key, text, (size_t)size, digest);
            made = head ? in_hex(digest, head, head_size)
                        : PyBytes_FromStringAndSize((const char *)digest, SHA256_SIZE);
        }
        if (!append(out, made)) Py_CLEAR(out);
    }
    wipe(&key, sizeof key);
    Py_DECREF(held);
    return out;
}

/* ---- cards ---- */

#define MOST 18 /* digits that 16 bytes are drawn for */

/* A Luhn-valid number of `count` digits that begins with 0, drawn from 16 bytes, big-endian. */
static void make_card(char *out, Py_ssize_t count, const byte *secret) {
    unsigned __int128 number = 0;
    uint64_t power = 1;
    int sum = 0;
    for (int at = 0; at < 16; at++) number = number << 8 | secret[at];
    for (Py_ssize_t at = 0; at < count - 2; at++) power *= 10;
    uint64_t rest = (uint64_t)(number % power);
    for (Py_ssize_t at = count - 2; at >= 0; at--, rest /= 10) {
        int digit = (int)(rest % 10), doubled = (count - 2 - at) % 2 ? digit : 2 * digit;
        sum += doubled > 9 ? doubled - 9 : doubled;
        out[at] = (char)('0' + digit);
    }
    out[count - 1] = (char)('0' + (10 - sum % 10) % 10);
}

PyDoc_STRVAR(cards_doc,
             "cards(texts, secrets) -> a made-up card number for each text of 3 to 18 ASCII digits,\n"
             "None for another; secrets have 16 bytes or more.");

static PyObject *cards(PyObject *module, PyObject *args) {
    PyObject *texts, *secrets;
    Py_ssize_t count, size;
    char *secret, made[MOST];
    (void)module;
    if (!PyArg_ParseTuple(args, "OO", &texts, &secrets)) return NULL;
    texts = PySequence_List(texts);
    secrets = texts ? PySequence_List(secrets) : NULL;
    PyObject *out = secrets ? PyList_New(0) : NULL;
    for (Py_ssize_t at = 0, all = out ? PyList_Size(texts) : 0; out && at < all; at++) {
        PyObject *other = PyList_GetItem(secrets, at), *one = NULL;
        const char *text = PyUnicode_AsUTF8AndSize(PyList_GetItem(texts, at), &count);
        if (text && other && PyBytes_AsStringAndSize(other, &secret, &size) == 0) {
            int fits = count >= 3 && count <= MOST && size >= 16;
            for (Py_ssize_t digit = 0; fits && digit < count; digit++)
                fits = text[digit] >= '0' && text[digit] <= '9';
            if (fits) make_card(made, count, (const byte *)secret);
            one = fits ? PyUnicode_FromStringAndSize(made, count) : Py_NewRef(Py_None);
        }
        if (!append(out, one)) Py_CLEAR(out);
    }
    Py_XDECREF(texts);
    Py_XDECREF(secrets);
    return out;
}

static PyMethodDef methods[] = {{"hmac_sha256", hmac_sha256, METH_VARARGS, hmac_sha256_doc},
                                {"cards", cards, METH_VARARGS, cards_doc},
                                {NULL, NULL, 0, NULL}};

static int start(PyObject *module) {
    if (find_sha256() && PyModule_AddFunctions(module, methods) < 0) return -1;
    return PyModule_AddIntConstant(module, "VERSION", 1);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, start}, {0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_keyed",
                                    "Keyed digests of many texts at once.", 0, NULL, slots,
                                    NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__keyed(void) { return PyModuleDef_Init(&module); }
