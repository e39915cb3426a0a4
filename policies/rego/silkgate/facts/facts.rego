# METADATA
# title: What was found
# description: |
#   Which findings the policy answers for, and what the law makes of each. The level is the
#   stricter of the finding's own and the category's in the table.
# custom:
#   zh: 归纳检出结果及其法定级别，取检出级别与目录级别中较严者
package silkgate.facts

import data.silkgate.settings

# METADATA
# description: |
#   The kind of each finding, in the findings' order. Kinds are few where findings are many, so what
#   holds for all findings of a kind is worked out once.
names := [concat("/", [field.level, field.verdict, field.category, _entity(field)]) |
	some field in input.fields
]

# METADATA
# description: Where each finding lies and as what, in the findings' order.
places := [concat(" ", [field.pointer, field.category]) | some field in input.fields]

_entity(field) := entity if {
	entity := field.entity
} else := ""

# METADATA
# description: Each kind once.
distinct := {name | some name in names}

# METADATA
# description: |
#   What each kind stands for. `key` is its category narrowed to the entity, `listed` the level that
#   the table of categories gives the category ("" where the table does not have it).
kinds := {name: kind |
	some name in distinct
	parts := split(name, "/")
	not parts[4]
	category := parts[2]
	kind := {
		"category": category,
		"level": parts[0],
		"verdict": parts[1],
		"key": concat("/", [category, parts[3]]),
		"listed": _listed({"category": category}),
	}
}

_listed(kind) := level if {
	level := data.silkgate.categories[kind.category].level
} else := ""

# METADATA
# description: The kinds that were not refuted.
found := {name: kind |
	some name, kind in kinds
	kind.verdict != "refuted"
}

# METADATA
# description: Every key that a finding has.
stated := object.keys(object.union_n(input.fields))

# METADATA
# description: How findings depart from the route's data contract.
drifts := {field.drift |
	"drift" in stated
	some field in input.fields
}

# METADATA
# description: What raised findings above their category's level.
raised := [field.reason |
	"reason" in stated
	some field in input.fields
]

# METADATA
# description: The levels of what is, or may be, important data (DSL art 21).
important_levels := {"important_candidate", "important", "core"}

# METADATA
# description: The verdicts of findings that hold until they are shown wrong.
held_verdicts := {"confirmed", "likely"}

# METADATA
# description: Labels of business data need no treatment.
label(kind) if startswith(kind.category, "biz_")

# METADATA
# description: Personal information (PIPL art 4), desensitized or not (art 73).
personal(kind) if _personal_levels[kind.level]

personal(kind) if _personal_levels[kind.listed]

_personal_levels := {"pi", "spi"}

# METADATA
# description: Sensitive personal information (PIPL art 28).
sensitive(kind) if {
	kind.category == "pi_gov_id"
	settings.id_number_sensitive
}

sensitive(kind) if {
	kind.category != "pi_gov_id"
	kind.level == "spi"
}

sensitive(kind) if {
	kind.category != "pi_gov_id"
	kind.listed == "spi"
}

sensitive(kind) if {
	of_children
	personal(kind)
}

# METADATA
# description: The purpose is one of those that the company named as children's.
default of_children := false

of_children if input.purpose in settings.minor_purposes
