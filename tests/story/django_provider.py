# SPDX-License-Identifier: Apache-2.0
"""An OpenID provider that others wrote: Debian's django-oauth-toolkit, with accounts of its own, on loopback. A process of
its own, which prints its port."""
import http.client
import pathlib
import subprocess
import sys
import urllib.parse

CLIENT, SECRET = "okpay", "of-the-provider-0123456789"


class Django:
    client, secret = CLIENT, SECRET

    def __init__(self, directory, redirect_uri, people):
        """`people`: (name, password, mail address) each."""
        words = ["/usr/bin/python3", __file__, str(directory), redirect_uri, *(part for person in people for part in person)]
        self.log = open(pathlib.Path(directory) / "provider.log", "ab")
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=self.log)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError((pathlib.Path(directory) / "provider.log").read_text()[-2000:])
        self.port = int(line)
        self.issuer = f"http://127.0.0.1:{self.port}/o"

    def sign_in(self, where, name, password):
        """What its pages do for a person: the state and the code with which the browser goes back."""
        at = urllib.parse.urlsplit(where)
        cookie = ""
        method, path, body = "GET", f"{at.path}?{at.query}", None
        for _ in range(5):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            response.read()
            connection.close()
            assert response.status == 302, (path, response.status)
            for line in response.headers.get_all("Set-Cookie") or []:
                cookie = line.split(";")[0]
            where = response.headers["Location"]
            if "/login/" in where:
                method, path, body = "POST", where, urllib.parse.urlencode({"name": name, "password": password})
            elif where.startswith("http"):
                back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(where).query))
                return back["state"], back["code"]
            else:
                method, path, body = "GET", where, None
        raise AssertionError("the provider leads nowhere")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()


def main(directory, redirect_uri, *people):
    import socketserver
    import wsgiref.simple_server

    import django
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from django.conf import settings

    pem = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode()

    class Server(socketserver.ThreadingMixIn, wsgiref.simple_server.WSGIServer):
        daemon_threads = True

    class Quiet(wsgiref.simple_server.WSGIRequestHandler):
        def log_message(self, *_):
            pass

    server = wsgiref.simple_server.make_server("127.0.0.1", 0, None, Server, Quiet)
    settings.configure(
        SECRET_KEY="of this run", ALLOWED_HOSTS=["127.0.0.1"], USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3",
                               "NAME": str(pathlib.Path(directory) / "provider.db")}},
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
                        "oauth2_provider"],
        MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware",
                    "django.contrib.auth.middleware.AuthenticationMiddleware"],
        ROOT_URLCONF=__name__, LOGIN_URL="/login/",
        OAUTH2_PROVIDER={"OIDC_ENABLED": True, "OIDC_RSA_PRIVATE_KEY": pem, "PKCE_REQUIRED": True,
                         "OIDC_ISS_ENDPOINT": f"http://127.0.0.1:{server.server_port}/o",
                         "SCOPES": {"openid": "who", "email": "address"},
                         "OAUTH2_VALIDATOR_CLASS": __name__ + ".Validator"})
    django.setup()
    from django.contrib.auth import authenticate, login, models
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpResponseForbidden, HttpResponseRedirect
    from django.urls import include, path
    from oauth2_provider.models import Application
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Validator(OAuth2Validator):
        def get_additional_claims(self, request):
            return {"email": request.user.email, "email_verified": True}

    def sign_in(request):
        user = authenticate(request, username=request.POST.get("name"), password=request.POST.get("password"))
        if user is None:
            return HttpResponseForbidden()
        login(request, user)
        return HttpResponseRedirect(request.GET["next"])

    here = sys.modules[__name__]
    here.Validator = Validator
    here.urlpatterns = [path("login/", sign_in), path("o/", include("oauth2_provider.urls", namespace="oauth2_provider"))]
    call_command("migrate", verbosity=0)
    for name, password, address in zip(*[iter(people)] * 3):
        models.User.objects.create_user(name, address, password)
    Application.objects.create(client_id=CLIENT, client_secret=SECRET, client_type="confidential", name="OKPay",
                               authorization_grant_type="authorization-code", redirect_uris=redirect_uri, algorithm="RS256",
                               skip_authorization=True)
    application = get_wsgi_application()

    def with_slash(environment, start):  # as the standard has the path, and this toolkit's web server would
        if environment["PATH_INFO"].endswith("/openid-configuration"):
            environment["PATH_INFO"] += "/"
        return application(environment, start)

    server.set_app(with_slash)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
