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
names := [concat("/", [field.level, field.verdict, field.category, object.get(field, "entity", "")]) |
	some field in input.fields
]

# METADATA
# description: Each kind once.
distinct := {name | some name in names}

# METADATA
# description: What each kind stands for. `key` is its category narrowed to the entity.
kinds := {name: kind |
	some name in distinct
	parts := split(name, "/")
	kind := {
		"level": parts[0],
		"verdict": parts[1],
		"category": parts[2],
		"key": concat("/", [parts[2], parts[3]]),
	}
}

# METADATA
# description: The categories and levels that were found and not refuted, each pair once.
graded := {grade |
	some kind in kinds
	kind.verdict != "refuted"
	grade := {"category": kind.category, "level": kind.level}
}

# METADATA
# description: Labels of business data need no treatment.
label(field) if startswith(field.category, "biz_")

# METADATA
# description: Personal information (PIPL art 4), desensitized or not (art 73).
personal(field) if field.level in {"pi", "spi"}

personal(field) if data.silkgate.categories[field.category].level in {"pi", "spi"}

# METADATA
# description: Sensitive personal information (PIPL art 28).
sensitive(field) if {
	field.category == "pi_gov_id"
	settings.id_number_sensitive
}

sensitive(field) if {
	field.category != "pi_gov_id"
	field.level == "spi"
}

sensitive(field) if {
	field.category != "pi_gov_id"
	data.silkgate.categories[field.category].level == "spi"
}

sensitive(field) if {
	personal(field)
	input.purpose in settings.minor_purposes
}
