# METADATA
# title: Known categories
# description: |
#   A category that is in no table has no level a rule could rest on.
# custom:
#   zh: 未列入分类目录的类别须人工复核
#   citation: DSL art 21
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.common.category_known

import data.silkgate.facts

review contains _reason if {
	some kind in facts.found
	kind.listed == ""
	not data.silkgate.overlay.categories[kind.category]
}

_reason := {
	"code": "category.unknown",
	"en": "A finding has a category that is in no classification table.",
	"zh": "检出了分类目录之外的类别。",
	"citation": "DSL art 21",
}
