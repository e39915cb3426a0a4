# METADATA
# title: Aggregated sensitivity
# description: |
#   Several ordinary items together may be sensitive. A record that holds one of the configured sets is
#   for a person to decide.
# custom:
#   zh: 多项一般个人信息聚合后可能成为敏感个人信息，须人工复核
#   citation: GB/T 45574-2025
#   confidence: B
#   checked: "2026-11-22"
package silkgate.rules.cn.gbt45574_aggregate

import data.silkgate.settings
import data.silkgate.treating

review contains _reason if {
	input.origin == "CN"
	some group in settings.sensitive_together
	every key in group { key in _leaving }
}

_leaving := {name | some kind in treating.leaving; some name in [kind.category, kind.key]}

_reason := {
	"code": "cn.gbt45574.aggregate",
	"en": "Several items leave together that may be sensitive in aggregate.",
	"zh": "多项个人信息一并出境，聚合后可能构成敏感个人信息。",
	"citation": "GB/T 45574-2025",
}
