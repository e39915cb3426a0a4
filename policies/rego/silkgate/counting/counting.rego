# METADATA
# title: Who is counted
# description: |
#   Persons are counted for personal information that leaves and that no exemption of Order 16
#   arts 3 to 6 covers. An exemption covers category keys, or all with `*`.
# custom:
#   zh: 统计实际出境且不属于豁免情形的个人信息所涉人数
#   citation: CAC Order 16 arts 3-8
package silkgate.counting

import data.silkgate.facts
import data.silkgate.settings
import data.silkgate.treating

exemptions := [rule.exemption | some rule in data.silkgate.exemptions]

counted := {kind |
	input.origin == "CN"
	not _everything
	some kind in treating.leaving
	not _exempt(kind)
}

default any := false

any if some _ in counted

counts := {"general": _general, "sensitive": _sensitive}

# An exemption of everything.
default _everything := false

_everything if "*" in _covered

_covered := {key | some exemption in exemptions; some key in exemption.covers}

_exempt(kind) if _covered[kind.category]

_exempt(kind) if _covered[kind.key]

default _sensitive := false

_sensitive if {
	some kind in counted
	facts.sensitive(kind)
}

default _general := false

_general if {
	some kind in counted
	not facts.sensitive(kind)
	_in_both
}

# A person with both kinds of data is in both tallies, unless the company decided otherwise.
_in_both if settings.count_in_both_tallies

_in_both if not _sensitive
