// Runs before anything is painted, so that what needs JavaScript doesn't flash. GOV.UK Frontend has this inline; our
// content security policy allows no inline script.
document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
