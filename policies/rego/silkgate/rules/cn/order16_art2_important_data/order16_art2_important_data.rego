# METADATA
# title: Important data
# description: |
#   Important data is what an authority notified or published as such, or a list names. Content alone
#   never assigns or clears it: a candidate is for a person to decide. Declared important data leaves
#   only under a security assessment; art 5 never covers it.
# custom:
#   zh: 重要数据须经安全评估方可出境；疑似重要数据须人工认定
#   citation: CAC Order 16 arts 2, 5(2), 7; Network Data Security Regulations art 37
#   confidence: A
#   checked: "2026-11-22"
package silkgate.rules.cn.order16_art2_important_data

import data.silkgate.facts
import data.silkgate.mechanism

review contains _candidate if _perhaps

deny contains _unassessed if {
	_important
	not mechanism.assessment
}

carried_by := mechanism.assessment if _important

because contains _assessed if carried_by

needs contains "fields.level" if _perhaps

needs contains "basis.mechanism" if {
	_important
	not mechanism.assessment
}

default _important := false

_important if {
	input.origin == "CN"
	some kind in facts.found
	kind.level == "important"
}

default _perhaps := false

_perhaps if {
	input.origin == "CN"
	some kind in facts.found
	_unsettled(kind)
}

# A declared level replaces the category's candidacy.
_unsettled(kind) if kind.level == "important_candidate"

_unsettled(kind) if {
	kind.listed == "important_candidate"
	kind.level != "important"
	kind.level != "core"
}

_candidate := {
	"code": "cn.order16.art2.candidate",
	"en": "A finding may be important data; a person must say whether it was notified or published as such.",
	"zh": "检出疑似重要数据，须由人员认定是否已被告知或公开发布为重要数据。",
	"citation": "CAC Order 16 art 2",
}

_unassessed := {
	"code": "cn.order16.art7.important_data",
	"en": "Important data leaves only under a security assessment in force.",
	"zh": "向境外提供重要数据应当申报数据出境安全评估。",
	"citation": "CAC Order 16 art 7; Network Data Security Regulations art 37",
}

_assessed := {
	"code": "cn.order16.art7.important_assessed",
	"en": "Important data under a security assessment in force.",
	"zh": "重要数据出境，数据出境安全评估结果在有效期内。",
	"citation": "CAC Order 16 art 7; Network Data Security Regulations art 37",
}
