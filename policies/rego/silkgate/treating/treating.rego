# METADATA
# title: What is done to each finding
# description: |
#   The purpose's profile names a treatment for each category, or for one entity of it
#   (`pi_basic/PERSON`). Agreements replace entries of the profile; destinations and the company's
#   overlay only tighten. Where several speak, the strictest holds; silence suppresses. A name may
#   carry parameters (`mask:first=0`), which hide more than the plain form; of two forms with
#   different parameters neither is known to hide more, so the value is suppressed.
# custom:
#   zh: 按目的、目的地与协定选定处理方式；多者并存取最严；未列明者删除
package silkgate.treating

import data.silkgate.facts
import data.silkgate.pilot

# METADATA
# description: One entry for each pointer and category, the strictest where they differ.
treatments := _each if {
	_apart
} else := _merged

# METADATA
# description: |
#   The kinds of personal information that are not removed, each once. Masked or pseudonymized, it
#   still leaves.
leaving := _each_leaving if {
	_apart
} else := _merged_leaving

# METADATA
# description: Some personal information leaves.
default personal_leaves := false

personal_leaves if some _ in leaving

# METADATA
# description: What the profile treats more strictly for this destination than for any other.
stricter_abroad := {key |
	table := profile.destinations[input.destination]
	some kind in facts.kinds
	facts.held_verdicts[kind.verdict]
	some key in [kind.category, kind.key]
	parts := split(table[key], ":")
	base := split(_base(kind), ":")
	_strengths[parts[0]] > _strengths[base[0]]
}

# METADATA
# description: The purpose's profile. The overlay holds those of purposes that are not shipped.
profile := data.silkgate.profiles[input.purpose]

profile := data.silkgate.overlay.profiles[input.purpose]

# METADATA
# description: There is a profile for the purpose.
default profiled := false

profiled if is_object(profile)

# Mostly nothing was found twice in one place as one category.
default _apart := false

_apart if count({place | some place in facts.places}) == count(facts.places)

_each := [entry |
	some i
	name := facts.names[i]
	about := _abouts[name]
	entry := _entry(input.fields[i].pointer, about)
]

_each_leaving := {about.kind |
	some about in _abouts
	about.leaves
}

_merged := [entry |
	some place in sort([name | some name in object.keys(_strongest)])
	choice := _strongest[place]
	form := _form_at(choice)
	flags := _flags(choice, form, _restored_at(choice))
	entry := _entry(choice.pointer, {"category": choice.category, "form": form, "flags": flags})
]

_merged_leaving := {about.kind |
	some choice in _choices
	about := _abouts[choice.kind]
	about.personal
	strongest := _strongest[choice.place]
	not startswith(_form_at(strongest), "suppress")
}

_form_at(choice) := "suppress" if {
	choice.place in _torn
} else := choice.form

_restored_at(choice) := false if {
	choice.place in _unrestored
} else := true

# Strictest last, so that it holds, and of one treatment the form with parameters. Sorted by texts:
# an engine is slow at sorting objects.
_strongest := object.union_n([{choice.place: choice} |
	some name in sort([name | some name in object.keys(_choices)])
	choice := _choices[name]
])

_choices := {name: choice |
	some i, kind in facts.names
	about := _abouts[kind]
	place := facts.places[i]
	strength := _strength(about.form)
	name := concat(" ", [strength, about.form, place, kind])
	choice := {
		"kind": kind,
		"place": place,
		"pointer": input.fields[i].pointer,
		"category": about.category,
		"strength": strength,
		"form": about.form,
	}
}

# Places that two kinds of findings would have in different forms of one treatment.
_torn contains one.place if {
	some one in _narrowed
	some other in _narrowed
	one.place == other.place
	one.form != other.form
}

_narrowed := [choice |
	some choice in _choices
	contains(choice.form, ":")
	strongest := _strongest[choice.place]
	strongest.strength == choice.strength
]

# Places of which something may not be turned back in an answer.
_unrestored := {choice.place |
	some choice in _choices
	about := _abouts[choice.kind]
	about.restored == false
}

# What is done to each kind of finding that was not refuted.
_abouts := {name: about |
	some name, kind in facts.found
	form := _form(kind)
	restored := _restored(kind)
	personal := _personal(kind)
	about := {
		"category": kind.category,
		"form": form,
		"flags": _flags(kind, form, restored),
		"kind": kind,
		"personal": personal,
		"leaves": _leaves(personal, form),
		"restored": restored,
	}
}

_leaves(personal, form) if {
	personal
	not startswith(form, "suppress")
} else := false

_entry(pointer, about) := {"pointer": pointer, "category": about.category, "treatment": about.form} if {
	about.flags == {}
} else := object.union(about.flags, {"pointer": pointer, "category": about.category, "treatment": about.form})

_flags(kind, form, restored) := object.union_n([
	{"hold": true | _held[kind.category]},
	{"restore": true |
		restored
		form in data.silkgate.strictness.restorable
	},
])

_held := {category | some category in profile.hold}

_personal(kind) if {
	facts.held_verdicts[kind.verdict]
	facts.personal(kind)
} else := false

# What anybody has to say of a kind; the strictest holds.
_form(kind) := "keep" if {
	kind.verdict == "unknown"
} else := _read(_base(kind)) if {
	_tighter == []
} else := _strictest([_read(name) | some name in array.concat([_base(kind)], _tightened(kind))])

_strictest(forms) := _one({form | some form in forms; _strength(form) == most}) if {
	most := max([_strength(form) | some form in forms])
}

# Of equally strict ones, the form with parameters; of two such forms, none.
_one(forms) := "suppress" if {
	count([name | some name in forms; contains(name, ":")]) > 1
} else := name if {
	some name in forms
	contains(name, ":")
} else := name if {
	some name in forms
}

# An unknown treatment is read as suppress.
_read(name) := name if {
	parts := split(name, ":")
	_strengths[parts[0]]
} else := "suppress"

_strength(form) := _strengths[parts[0]] if {
	parts := split(form, ":")
}

# Letters, since rego-cpp orders numbers as texts.
_strengths := {name: strength |
	some i, name in data.silkgate.strictness.order
	strength := _letters[i]
}

_letters := [
	"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
	"n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z",
]

_restored(kind) if {
	_turned_back[kind.category]
} else if {
	_turned_back[kind.key]
} else := false

_turned_back := {key |
	some purpose in [input.purpose, "any"]
	some key in data.silkgate.overlay.restore[purpose]
}

_base(kind) := "keep" if {
	facts.label(kind)
} else := _named(kind)

# An entity's own entry outweighs its category's; an agreement's outweighs the profile's.
_named(kind) := treatment if {
	treatment := _agreed[kind.key]
} else := treatment if {
	treatment := profile.treatments[kind.key]
} else := treatment if {
	treatment := _agreed[kind.category]
} else := treatment if {
	treatment := profile.treatments[kind.category]
} else := "suppress"

_tightened(kind) := [name |
	some table in _tighter
	some key in [kind.category, kind.key]
	name := table[key]
]

# The most specific comes last: agreements, then a pilot where the profile is open.
_agreed := object.union_n(array.concat(
	[profile.agreements[name] |
		some name in data.silkgate.strictness.agreements
		data.silkgate.agreements[name].applies
	],
	[_open(table) | some table in pilot.tables],
))

_open(table) := {key: treatment |
	some key in profile.replaceable
	treatment := table[key]
}

_tighter := array.concat(
	[table | table := profile.destinations[input.destination]],
	[data.silkgate.overlay.treatments[purpose] | some purpose in [input.purpose, "any"]],
)
