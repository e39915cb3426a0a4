# METADATA
# title: Content that nobody can read
# description: |
#   A picture or document that is not inspected leaves only where a person has vouched, in the
#   overlay's `opaque` and for a time, that content of this type on this route may: each time after
#   another look (`review`), or without. `sha256` names the only files meant; empty, any is.
# custom:
#   zh: 无法检查的内容（图片、文档等）默认不得出境；须由责任人就路由和类型书面、限期担保，或逐次复核
#   citation: PIPL art 51
#   confidence: A
#   checked: "2026-11-27"
package silkgate.rules.common.opaque

import data.silkgate.validity

deny contains _unvouched if {
	some content in object.get(input, "opaque", [])
	not _vouched(content)
}

review contains _looked_at if {
	some content in object.get(input, "opaque", [])
	_vouched(content)
	data.silkgate.overlay.opaque[input.route][content.media].review != false
}

needs contains "overlay.opaque" if count(deny) > 0

_vouched(content) if {
	fact := data.silkgate.overlay.opaque[input.route][content.media]
	is_string(fact.by)
	fact.by != ""
	is_string(fact.why)
	fact.why != ""
	validity.is_date(fact.until)
	fact.until >= input.at
	is_number(fact.max_bytes)
	content.bytes <= fact.max_bytes
	is_array(fact.sha256)
	_meant(content, fact.sha256)
}

_meant(_, files) if count(files) == 0

_meant(content, files) if content.sha256 in files

_unvouched := {
	"code": "opaque.unvouched",
	"en": "Part of this cannot be inspected, and nobody has vouched that such content may leave on this route.",
	"zh": "其中有无法检查的内容，且无人就该路由担保此类内容可以出境。",
	"citation": "PIPL art 51",
}

_looked_at := {
	"code": "opaque.review",
	"en": "Part of this cannot be inspected by the gateway; a person must look at it first.",
	"zh": "其中有网关无法检查的内容，须先由人工查看。",
	"citation": "PIPL art 51",
}
