// Starts Swagger UI on the API's own document. Nothing is asked of any other host.
const place = document.getElementById("swagger-ui");

window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  validatorUrl: null,
  persistAuthorization: false,
  requestInterceptor(request) {
    // Calls that are tried out carry what “Authorize” was given: neither the portal's cookies nor
    // the administrator's credentials, which the browser would add, count there.
    if (!request.loadSpec) request.credentials = "omit";
    return request;
  },
});
