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
# description: The categories and levels that were found and not refuted, each pair once.
graded := {grade |
	some field in input.fields
	field.verdict != "refuted"
	grade := {"category": field.category, "level": field.level}
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
