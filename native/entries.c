/* Entries of the audit log, many at once: hashes, cuts, canonical form.
 *
 * The compiled twin of functions in audit_log/tree.py, frames.py and entry.py. SHA-256 is
 * libcrypto's, as the interpreter's hashlib has it loaded; where it is not to be found there are no
 * hashes here. What is not plainly canonical is declined (None): then Python judges. So nothing is
 * accepted here that is refused there, and tests compare both.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "canonical.h"
#include "sha256.h"

#define HASH SHA256_SIZE

static void sha256(byte prefix, const byte *one, size_t one_size, const byte *two, size_t two_size,
                   byte *out) {
    Context context;
    sha_init(&context);
    sha_update(&context, &prefix, 1);
    sha_update(&context, one, one_size);
    sha_update(&context, two, two_size);
    sha_final(out, &context);
}

static void sha256_of(const byte *data, size_t size, byte *out) {
    Context context;
    sha_init(&context);
    sha_update(&context, data, size);
    sha_final(out, &context);
}

/* Bytes of exactly `size`, of any size if it is negative; NULL with an error set. */
static const byte *bytes_of(PyObject *object, Py_ssize_t size, Py_ssize_t *found) {
    char *data;
    Py_ssize_t held;
    if (!object || PyBytes_AsStringAndSize(object, &data, &held) < 0) return NULL;
    if (size >= 0 && held != size) {
        PyErr_SetString(PyExc_ValueError, "a hash has 32 bytes");
        return NULL;
    }
    if (found) *found = held;
    return (const byte *)data;
}

typedef struct {
    const byte *data;
    Py_ssize_t size;
} Piece;

/* The bytes that a tuple holds, to be freed; NULL with an error set where it holds others. */
static Piece *pieces_of(PyObject *tuple) {
    Py_ssize_t count = PyTuple_Size(tuple);
    Piece *pieces = malloc((size_t)(count + 1) * sizeof *pieces);
    if (!pieces) PyErr_NoMemory();
    for (Py_ssize_t at = 0; pieces && at < count; at++) {
        pieces[at].data = bytes_of(PyTuple_GetItem(tuple, at), -1, &pieces[at].size);
        if (pieces[at].data) continue;
        free(pieces);
        return NULL;
    }
    return pieces;
}

#define FEW 64 /* entries that are done with before other threads would miss the interpreter */

/* Let other threads run while `work` is at it, if that takes long. */
#define ASIDE(count, work)                                                                         \
    do {                                                                                           \
        PyThreadState *state = (count) > FEW ? PyEval_SaveThread() : NULL;                         \
        work;                                                                                      \
        if (state) PyEval_RestoreThread(state);                                                    \
    } while (0)

static void hash_all(const Piece *pieces, Py_ssize_t count, byte *hashes) {
    for (Py_ssize_t at = 0; at < count; at++)
        sha256(0, pieces[at].data, (size_t)pieces[at].size, NULL, 0, hashes + at * HASH);
}

PyDoc_STRVAR(leaf_hashes_doc, "leaf_hashes(entries) -> SHA-256(00 || entry) of each");

static PyObject *leaf_hashes(PyObject *module, PyObject *entries) {
    (void)module;
    PyObject *out = NULL, *held = PySequence_Tuple(entries);
    Piece *pieces = held ? pieces_of(held) : NULL;
    Py_ssize_t count = pieces ? PyTuple_Size(held) : 0;
    byte *hashes = pieces ? malloc((size_t)(count + 1) * HASH) : NULL;
    if (hashes) {
        ASIDE(count, hash_all(pieces, count, hashes));
        out = PyList_New(count);
    }
    for (Py_ssize_t at = 0; out && at < count; at++) {
        PyObject *made = PyBytes_FromStringAndSize((const char *)hashes + at * HASH, HASH);
        if (!made || PyList_SetItem(out, at, made) < 0) Py_CLEAR(out);
    }
    if (!out && !PyErr_Occurred()) PyErr_NoMemory();
    free(hashes);
    free(pieces);
    Py_XDECREF(held);
    return out;
}

PyDoc_STRVAR(chain_next_doc, "chain_next(head, leaves) -> SHA-256(02 || head || leaf), leaf by leaf");

static PyObject *chain_next(PyObject *module, PyObject *args) {
    PyObject *first, *leaves;
    byte head[HASH];
    (void)module;
    if (!PyArg_ParseTuple(args, "SO", &first, &leaves)) return NULL;
    const byte *start = bytes_of(first, HASH, NULL);
    PyObject *held = start ? PySequence_Tuple(leaves) : NULL;
    if (!held) return NULL;
    memcpy(head, start, HASH);
    for (Py_ssize_t at = 0, count = PyTuple_Size(held); at < count; at++) {
        const byte *leaf = bytes_of(PyTuple_GetItem(held, at), HASH, NULL);
        if (!leaf) {
            Py_DECREF(held);
            return NULL;
        }
        sha256(2, head, HASH, leaf, HASH, head);
    }
    Py_DECREF(held);
    return PyBytes_FromStringAndSize((const char *)head, HASH);
}

PyDoc_STRVAR(perfect_root_doc, "perfect_root(hashes) -> root over 2^k hashes, given end to end");

static PyObject *perfect_root(PyObject *module, PyObject *hashes) {
    Py_ssize_t size;
    (void)module;
    const byte *data = bytes_of(hashes, -1, &size);
    if (!data) return NULL;
    Py_ssize_t count = size / HASH;
    if (size != count * HASH || !count || (count & (count - 1))) {
        PyErr_SetString(PyExc_ValueError, "a perfect tree has 2^k leaves");
        return NULL;
    }
    byte *level = malloc((size_t)size);
    if (!level) return PyErr_NoMemory();
    memcpy(level, data, (size_t)size);
    for (; count > 1; count /= 2)
        for (Py_ssize_t at = 0; at < count / 2; at++)
            sha256(1, level + 2 * at * HASH, 2 * HASH, NULL, 0, level + at * HASH);
    PyObject *out = PyBytes_FromStringAndSize((const char *)level, HASH);
    free(level);
    return out;
}

/* ---- frames ---- */

PyDoc_STRVAR(split_doc, "split(data, start, end) -> the (u32 length, entry)* there; None if cut off");

static PyObject *split(PyObject *module, PyObject *args) {
    Py_buffer view;
    Py_ssize_t at, end;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*nn", &view, &at, &end)) return NULL;
    const byte *data = view.buf;
    PyObject *out = NULL;
    if (at < 0 || end > view.len)
        PyErr_SetString(PyExc_ValueError, "not within the data");
    else
        out = PyList_New(0);
    while (out && at < end) {
        if (end - at < 4) break;
        Py_ssize_t length = (Py_ssize_t)data[at] << 24 | (Py_ssize_t)data[at + 1] << 16 |
                            (Py_ssize_t)data[at + 2] << 8 | (Py_ssize_t)data[at + 3];
        if (length > end - at - 4) break;
        PyObject *entry = PyBytes_FromStringAndSize((const char *)data + at + 4, length);
        if (!entry || PyList_Append(out, entry) < 0) Py_CLEAR(out);
        Py_XDECREF(entry);
        at += 4 + length;
    }
    PyBuffer_Release(&view);
    if (!out || at == end) return out;
    Py_DECREF(out);
    return Py_NewRef(Py_None);
}

/* ---- canonical form (RFC 8785 without floats; what is unusual is declined) ---- */

static int all_fit(PyObject *container, long depth);

/* Whether a Python value is surely inside the profile. */
static int fits_one(PyObject *item, long depth) {
    if (item == Py_None || item == Py_True || item == Py_False) return 1;
    PyTypeObject *type = Py_TYPE(item);
    if (type == &PyUnicode_Type) return 1;
    if (type == &PyLong_Type) {
        int overflow;
        long long value = PyLong_AsLongLongAndOverflow(item, &overflow);
        return !overflow && value >= -MAX_INTEGER && value <= MAX_INTEGER;
    }
    int is_container = type == &PyDict_Type || type == &PyList_Type || type == &PyTuple_Type;
    return is_container && depth <= MAX_DEPTH && all_fit(item, depth + 1);
}

static int is_ascii(PyObject *key) {
    Py_ssize_t size;
    if (Py_TYPE(key) != &PyUnicode_Type) return 0;
    if (PyUnicode_AsUTF8AndSize(key, &size)) return size == PyUnicode_GetLength(key);
    PyErr_Clear(); /* a lone surrogate */
    return 0;
}

static int all_fit(PyObject *container, long depth) {
    Py_ssize_t at = 0;
    if (Py_TYPE(container) == &PyDict_Type) {
        PyObject *key, *value;
        while (PyDict_Next(container, &at, &key, &value))
            if (!is_ascii(key) || !fits_one(value, depth)) return 0;
    } else if (Py_TYPE(container) == &PyList_Type) {
        for (; at < PyList_Size(container); at++)
            if (!fits_one(PyList_GetItem(container, at), depth)) return 0;
    } else {
        for (; at < PyTuple_Size(container); at++)
            if (!fits_one(PyTuple_GetItem(container, at), depth)) return 0;
    }
    return 1;
}

PyDoc_STRVAR(fits_doc, "fits(container, depth) -> whether all it holds is surely in the profile");

static PyObject *fits(PyObject *module, PyObject *args) {
    PyObject *container;
    long depth;
    (void)module;
    if (!PyArg_ParseTuple(args, "Ol", &container, &depth)) return NULL;
    PyTypeObject *type = Py_TYPE(container);
    if (type != &PyDict_Type && type != &PyList_Type && type != &PyTuple_Type) {
        PyErr_SetString(PyExc_TypeError, "not a dict, list or tuple");
        return NULL;
    }
    return PyBool_FromLong(all_fit(container, depth));
}

#include "survey.h"
#include "columns.h"
#include "examine.h"
#include "group.h"
#include "write.h"

static PyMethodDef methods[] = {{"split", split, METH_VARARGS, split_doc},
                                {"skim", skim, METH_VARARGS, skim_doc},
                                {"survey", survey, METH_VARARGS, survey_doc},
                                {"columns", columns, METH_VARARGS, columns_doc},
                                {"fits", fits, METH_VARARGS, fits_doc},
                                {"set_down", set_down, METH_VARARGS, set_down_doc},
                                {NULL, NULL, 0, NULL}};

static PyMethodDef hashes[] = {{"leaf_hashes", leaf_hashes, METH_O, leaf_hashes_doc},
                               {"chain_next", chain_next, METH_VARARGS, chain_next_doc},
                               {"perfect_root", perfect_root, METH_O, perfect_root_doc},
                               {"compose", compose, METH_VARARGS, compose_doc},
                               {"examine", examine, METH_VARARGS, examine_doc},
                               {NULL, NULL, 0, NULL}};

static int start(PyObject *module) {
    for (int code = 0x20; code < 0x80; code++) plain[code] = code != '"' && code != '\\';
    if (find_sha256() && PyModule_AddFunctions(module, hashes) < 0) return -1;
    return PyModule_AddIntConstant(module, "VERSION", 6);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, start}, {0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_entries",
                                    "Entries of the audit log, many at once.", 0, methods, slots,
                                    NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__entries(void) { return PyModuleDef_Init(&module); }
