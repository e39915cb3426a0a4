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
# description: What the profile treats more strictly for this destination than for any other.
stricter_abroad := {key |
	some kind in facts.kinds
	kind.verdict in {"confirmed", "likely"}
	table := profile.destinations[input.destination]
	some key in [kind.category, kind.key]
	parts := split(table[key], ":")
	base := split(_base(kind), ":")
	_strengths[parts[0]] > _strengths[base[0]]
}

# METADATA
# description: The purpose's profile. The overlay holds those of purposes that are not shipped.
profile := data.silkgate.profiles[input.purpose]

profile := data.silkgate.overlay.profiles[input.purpose]

# Mostly nothing was found twice in one place as one category.
_apart if count({place | some place in _places}) == count(_places)

_places := [concat(" ", [field.pointer, field.category]) | some field in input.fields]

_each := [entry |
	some i
	name := facts.names[i]
	about := _abouts[name]
	entry := object.union(about.entry, {"pointer": input.fields[i].pointer})
]

_each_leaving := {about.kind |
	some about in _abouts
	about.personal
	not startswith(about.form, "suppress")
}

_merged := [entry |
	some place in sort([name | some name in object.keys(_strongest)])
	choice := _strongest[place]
	entry := object.union(_entry(choice.category, _form_at(place), _restored_at(place)), {"pointer": choice.pointer})
]

_merged_leaving := {about.kind |
	some i
	name := facts.names[i]
	about := _abouts[name]
	about.personal
	place := _places[i]
	not startswith(_form_at(place), "suppress")
}

_form_at(place) := "suppress" if {
	place in _torn
} else := _strongest[place].form

_restored_at(place) := false if {
	place in _unrestored
} else := true

# Strictest last, so that it holds, and of one treatment the form with parameters. Sorted by texts:
# an engine is slow at sorting objects.
_strongest := object.union_n([{choice.place: choice} |
	some name in sort([name | some name in object.keys(_choices)])
	choice := _choices[name]
])

_choices := {name: choice |
	some i
	kind := facts.names[i]
	about := _abouts[kind]
	place := _places[i]
	name := concat(" ", [about.strength, about.form, place, kind])
	choice := {
		"place": place,
		"pointer": input.fields[i].pointer,
		"category": about.kind.category,
		"strength": about.strength,
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
_unrestored := {place |
	some i
	name := facts.names[i]
	about := _abouts[name]
	about.restored == false
	place := _places[i]
}

# What is done to each kind of finding that was not refuted.
_abouts := {name: about |
	some name
	kind := facts.kinds[name]
	kind.verdict != "refuted"
	forms := _forms(kind)
	strength := max([choice[0] | some choice in forms])
	form := _form({choice[1] | some choice in forms; choice[0] == strength})
	restored := _restored(kind)
	about := {
		"strength": strength,
		"form": form,
		"entry": _entry(kind.category, form, restored),
		"kind": {"category": kind.category, "key": kind.key, "level": kind.level},
		"personal": _personal(kind),
		"restored": restored,
	}
}

_entry(category, form, restored) := object.union_n([
	{"category": category, "treatment": form},
	{"hold": true | category in profile.hold},
	{"restore": true |
		restored
		form in data.silkgate.strictness.restorable
	},
])

_personal(kind) if {
	kind.verdict in {"confirmed", "likely"}
	facts.personal(kind)
} else := false

# Of equally strict ones, the form with parameters; of two such forms, none.
_form(forms) := "suppress" if {
	count([name | some name in forms; contains(name, ":")]) > 1
} else := name if {
	some name in forms
	contains(name, ":")
} else := name if {
	some name in forms
}

# What anybody has to say of a kind, each with its strength. An unknown treatment is read as suppress.
_forms(kind) := [choice |
	some name in array.concat([_base(kind)], _tightened(kind))
	parts := split(name, ":")
	choice := _choice(parts[0], name)
]

_choice(plain, name) := [_strengths[plain], name] if {
	_strengths[plain]
} else := [_strengths.suppress, "suppress"]

# Letters, since rego-cpp orders numbers as texts.
_strengths := {name: strength |
	some i
	name := data.silkgate.strictness.order[i]
	strength := substring(_letters, i, 1)
}

_letters := "abcdefghijklmnopqrstuvwxyz"

_restored(kind) if {
	some purpose in [input.purpose, "any"]
	some key in data.silkgate.overlay.restore[purpose]
	key in [kind.category, kind.key]
} else := false

_base(kind) := "keep" if {
	kind.verdict == "unknown"
} else := "keep" if {
	facts.label(kind)
} else := _named(kind.key, kind.category)

# An entity's own entry outweighs its category's; an agreement's outweighs the profile's.
_named(key, category) := treatment if {
	treatment := _agreed[key]
} else := treatment if {
	treatment := profile.treatments[key]
} else := treatment if {
	treatment := _agreed[category]
} else := treatment if {
	treatment := profile.treatments[category]
} else := "suppress"

_tightened(kind) := [] if {
	kind.verdict == "unknown"
} else := [name |
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
