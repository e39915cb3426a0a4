/* Texts -> one buffer, prefilter matches -> candidates by text, texts -> those worth folding.
 *
 * The compiled twin of classifiers/candidates.py: the same functions with the same results. What
 * is unusual (a lone surrogate) is declined with None, and the Python functions do it.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>
#include <string.h>

_Static_assert(sizeof(Py_ssize_t) == 8, "offsets are 64-bit integers");

typedef struct {
    int64_t expression, end;
} Hit;

PyDoc_STRVAR(joined_doc,
"joined(texts, /)\n--\n\n"
"The UTF-8 of `texts` (a list) with a line feed before, between and after them, and as native\n"
"64-bit integers where each begins, one more for where the next would. None where a text has no\n"
"UTF-8.");

static PyObject *joined(PyObject *module, PyObject *texts) {
    (void)module;
    if (!PyList_Check(texts)) return PyErr_Format(PyExc_TypeError, "texts must be a list");
    Py_ssize_t count = PyList_Size(texts), size = 1, room = 1 << 12;
    PyObject *starts = PyByteArray_FromStringAndSize(NULL, (count + 1) * 8);
    char *buffer = PyMem_Malloc((size_t)room);
    PyObject *out = NULL;
    if (!starts || !buffer) {
        PyErr_NoMemory();
        goto done;
    }
    int64_t *start = (int64_t *)PyByteArray_AsString(starts);
    buffer[0] = '\n';
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *data = PyUnicode_AsUTF8String(PyList_GetItem(texts, i));
        if (!data) {
            if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
                PyErr_Clear();
                out = Py_NewRef(Py_None);
            }
            goto done;
        }
        Py_ssize_t length = PyBytes_Size(data);
        if (size + length + 1 > room) {
            room = 2 * room + length + 1;
            char *bigger = PyMem_Realloc(buffer, (size_t)room);
            if (!bigger) {
                Py_DECREF(data);
                PyErr_NoMemory();
                goto done;
            }
            buffer = bigger;
        }
        start[i] = size;
        memcpy(buffer + size, PyBytes_AsString(data), (size_t)length);
        size += length;
        buffer[size++] = '\n';
        Py_DECREF(data);
    }
    start[count] = size;
    out = Py_BuildValue("(y#O)", buffer, size, starts);
done:
    PyMem_Free(buffer);
    Py_XDECREF(starts);
    return out;
}

PyDoc_STRVAR(note_doc,
"note(expression, start, end, flags, hits, /)\n--\n\n"
"Hyperscan's handler: add a match to `hits`, a bytearray.");

static PyObject *note(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    (void)module;
    if (count != 5 || !PyByteArray_Check(args[4]))
        return PyErr_Format(PyExc_TypeError, "note takes five arguments, the last a bytearray");
    Hit hit = {PyLong_AsLongLong(args[0]), PyLong_AsLongLong(args[2])};
    if (PyErr_Occurred()) return NULL;
    Py_ssize_t size = PyByteArray_Size(args[4]);
    if (PyByteArray_Resize(args[4], size + (Py_ssize_t)sizeof(Hit)) < 0) return NULL;
    memcpy(PyByteArray_AsString(args[4]) + size, &hit, sizeof(Hit));
    Py_RETURN_NONE;
}

/* Adds the offset to each rule of an expression. */
static int add_offset(PyObject *hits, PyObject *rules, int64_t offset) {
    PyObject *number = PyLong_FromLongLong(offset);
    Py_ssize_t count = PyTuple_Size(rules);
    int done = number != NULL && count >= 0;
    for (Py_ssize_t i = 0; done && i < count; i++) {
        PyObject *rule = PyTuple_GetItem(rules, i);
        PyObject *ends = PyDict_GetItemWithError(hits, rule);
        if (ends) {
            done = PyList_Append(ends, number) == 0;
        } else if (!PyErr_Occurred() && (ends = PyList_New(0))) {
            done = PyList_Append(ends, number) == 0 && PyDict_SetItem(hits, rule, ends) == 0;
            Py_DECREF(ends);
        } else {
            done = 0;
        }
    }
    Py_XDECREF(number);
    return done;
}

/* The dictionary of text number `index`, borrowed, new where there is none yet. */
static PyObject *hits_of(PyObject *found, Py_ssize_t index) {
    PyObject *key = PyLong_FromSsize_t(index);
    PyObject *hits = key ? PyDict_GetItemWithError(found, key) : NULL;
    if (!hits && key && !PyErr_Occurred() && (hits = PyDict_New())) {
        int failed = PyDict_SetItem(found, key, hits) < 0;
        Py_DECREF(hits);
        if (failed) hits = NULL;
    }
    Py_XDECREF(key);
    return hits;
}

PyDoc_STRVAR(grouped_doc,
"grouped(hits, starts, trails, owners, /)\n--\n\n"
"By text and rule, the byte offsets in the text where a match may end. `trails` and `owners` are\n"
"tuples by expression: how far after a match's last byte its end is reported, and its rules.");

static PyObject *grouped(PyObject *module, PyObject *args) {
    Py_buffer noted, begins;
    Py_ssize_t low = 0, high = 0;
    PyObject *trails, *owners, *hits = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*O!O!", &noted, &begins, &PyTuple_Type, &trails, &PyTuple_Type,
                          &owners))
        return NULL;
    const Hit *hit = noted.buf, *end = hit + noted.len / (Py_ssize_t)sizeof(Hit);
    const int64_t *starts = begins.buf;
    Py_ssize_t count = begins.len / 8 - 1; /* texts */
    PyObject *found = PyDict_New();
    if (count < 1) hit = end;
    for (; found && hit < end; hit++) {
        PyObject *trail = PyTuple_GetItem(trails, hit->expression);
        PyObject *rules = PyTuple_GetItem(owners, hit->expression);
        int64_t last = trail && rules ? hit->end - PyLong_AsLongLong(trail) - 1 : 0;
        if (PyErr_Occurred()) break;
        if (last < 1) last = 1; /* the separator before all */
        if (last >= starts[count]) last = starts[count] - 1;
        if (!hits || last < low || last >= high) {
            Py_ssize_t first = 0, past = count;
            while (past - first > 1) {
                Py_ssize_t middle = (first + past) / 2;
                if (starts[middle] <= last)
                    first = middle;
                else
                    past = middle;
            }
            low = starts[first];
            high = starts[first + 1];
            if (!(hits = hits_of(found, first))) break;
        }
        if (!add_offset(hits, rules, last - low + 1)) break;
    }
    if (hit < end) Py_CLEAR(found);
    PyBuffer_Release(&noted);
    PyBuffer_Release(&begins);
    if (!found && !PyErr_Occurred()) PyErr_NoMemory();
    return found;
}

/* ---- texts that may have another canonical form ---- */

static int is_digit(unsigned char c) { return c >= '0' && c <= '9'; }

/* [ ./_,|\n\t-] */
static int is_between(unsigned char c) {
    return c == ' ' || c == '.' || c == '/' || c == '_' || c == ',' || c == '|' || c == '\n' ||
           c == '\t' || c == '-';
}

/* Ordinary code points above U+007F, as in _ORDINARY of canonical.py. */
static int is_ordinary(uint32_t c) {
    if ((c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3000 && c <= 0x303f) || (c >= 0x3400 && c <= 0x4dbf))
        return 1;
    switch (c) {
    case 0xff0c: case 0xff1a: case 0xff1b: case 0xff01: case 0xff1f: case 0xff08: case 0xff09:
    case 0x201c: case 0x201d: case 0x2018: case 0x2019: case 0x2026: case 0x2014:
        return 1;
    default:
        return 0;
    }
}

/* _NUMERAL of canonical.py. */
static int is_numeral(uint32_t c) {
    switch (c) {
    case 0x3007: case 0x96f6: case 0x25cb: case 0x4e00: case 0x4e8c: case 0x4e09: case 0x56db:
    case 0x4e94: case 0x516d: case 0x4e03: case 0x516b: case 0x4e5d: case 0x58f9: case 0x8d30:
    case 0x8cb3: case 0x53c1: case 0x53c3: case 0x8086: case 0x4f0d: case 0x9646: case 0x9678:
    case 0x67d2: case 0x634c: case 0x7396: case 0x5e7a: case 0x4e24:
        return 1;
    default:
        return 0;
    }
}

/* _PARTS of canonical.py: ordinary in prose, a separator between two digits. */
static int is_part(uint32_t c) { return c == 0x2014 || c == 0x3000 || c == 0x3002; }

/* Whether a text may change; 0 is certain, 1 is only quick. */
static int may_change(const unsigned char *at, const unsigned char *end) {
    int numerals = 0; /* in a row */
    int singles = 0;  /* digits in a row that stand apart */
    int apart = 0;    /* characters since the last digit that may stand between two; -1: another */
    int digit = 0;    /* whether there was a digit to stand apart from */
    while (at < end) {
        unsigned char c = *at;
        if (c < 0x80) {
            numerals = 0;
            if (is_digit(c)) {
                singles = digit && apart >= 1 && apart <= 3 ? singles + 1 : 0;
                if (singles >= 3) return 1;
                digit = 1;
                apart = 0;
            } else if (is_between(c) || c == '\r') {
                if ((c == '\n' || c == '\t' || c == '\r') && digit && apart == 0 && at + 1 < end &&
                    is_digit(at[1]))
                    return 1;
                apart++;
                if (c == '\r') digit = 0;
            } else {
                digit = 0;
            }
            at++;
            continue;
        }
        int length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
        if (length != 3 || end - at < 3) return 1;
        uint32_t point = (uint32_t)(c & 0x0f) << 12 | (uint32_t)(at[1] & 0x3f) << 6 | (at[2] & 0x3f);
        if (!is_ordinary(point)) return 1;
        numerals = is_numeral(point) ? numerals + 1 : 0;
        if (numerals == 2) return 1;
        if (is_part(point) && digit && apart == 0 && end - at > 3 && is_digit(at[3])) return 1;
        digit = 0;
        at += 3;
    }
    return 0;
}

PyDoc_STRVAR(changing_doc,
"changing(texts, /)\n--\n\n"
"Which of `texts` (a list) may have another canonical form: all that have one, and few others.");

static PyObject *changing(PyObject *module, PyObject *texts) {
    (void)module;
    if (!PyList_Check(texts)) return PyErr_Format(PyExc_TypeError, "texts must be a list");
    Py_ssize_t count = PyList_Size(texts);
    PyObject *found = PyList_New(0);
    for (Py_ssize_t i = 0; found && i < count; i++) {
        PyObject *data = PyUnicode_AsUTF8String(PyList_GetItem(texts, i));
        int may = 1;
        if (data) {
            const unsigned char *start = (const unsigned char *)PyBytes_AsString(data);
            may = may_change(start, start + PyBytes_Size(data));
            Py_DECREF(data);
        } else if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
            PyErr_Clear(); /* a lone surrogate */
        } else {
            Py_CLEAR(found);
            break;
        }
        if (may) {
            PyObject *number = PyLong_FromSsize_t(i);
            if (!number || PyList_Append(found, number) < 0) Py_CLEAR(found);
            Py_XDECREF(number);
        }
    }
    return found;
}

static PyMethodDef methods[] = {
    {"joined", joined, METH_O, joined_doc},
    {"note", (PyCFunction)(void (*)(void))note, METH_FASTCALL, note_doc},
    {"grouped", grouped, METH_VARARGS, grouped_doc},
    {"changing", changing, METH_O, changing_doc},
    {NULL, NULL, 0, NULL},
};

static int add_version(PyObject *module) { return PyModule_AddIntConstant(module, "VERSION", 2); }

static PyModuleDef_Slot slots[] = {{Py_mod_exec, add_version}, {0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_scan", "Candidates, compiled.", 0,
                                    methods, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__scan(void) { return PyModuleDef_Init(&module); }
