using Microsoft.Extensions.Options;
using TokenAuth;

namespace Tenants;

/// <summary>The page on which the application's own people enter a customer's key and test it.</summary>
public static class AdminPage
{
    public const string SignIn = """
        <!doctype html>
        <html lang="en"><meta charset="utf-8" /><title>Sign in</title>
        <form method="post" action="/sign-in">
          <label>admin, or a customer's name <input name="name" required maxlength="40" /></label> <button>Sign in</button>
        </form></html>
        """;

    private const string Html = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8" />
        <title>Customers</title>
        <style>
          body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color-scheme: light dark; }
          td, th { padding: 0.4rem 1rem 0.4rem 0; text-align: left; vertical-align: top; }
        </style>
        <h1>Customers</h1>
        <table>
          <thead><tr><th>name</th><th>region</th><th></th><th>does the key work?</th></tr></thead>
          <tbody></tbody>
        </table>
        <h2>A new customer, or a new key</h2>
        <form>
          <label>name <input name="name" required maxlength="40" /></label>
          <label>region <input name="region" value="westeurope" required /></label>
          <label>key <input name="key" type="password" autocomplete="off" required /></label>
          <button>Save</button>
        </form>
        <script type="module">
          const call = (method, path, body) =>
            fetch("/admin/customers" + path, {
              method,
              headers: { "Content-Type": "application/json" },
              body: body && JSON.stringify(body),
            });
          const button = (text, act) => Object.assign(document.createElement("button"), { textContent: text, onclick: act });

          async function show() {
            const rows = document.querySelector("tbody");
            rows.replaceChildren();
            for (const { name, region, hasLeft } of await (await call("GET", "")).json()) {
              const [who, where, buttons, result] = [0, 0, 0, 0].map(() => document.createElement("td"));
              who.textContent = name;
              where.textContent = region;
              result.textContent = hasLeft ? "has left" : "";
              const path = "/" + encodeURIComponent(name);
              buttons.append(
                button("Test this key", async () => {
                  result.textContent = "…";
                  const answer = await call("POST", path + "/test");
                  const report = answer.ok ? await answer.json() : { findings: [{ message: "The test failed: HTTP " + answer.status + ".", remedy: "" }] };
                  result.textContent = [report.works ? "It works." : "", ...report.findings.map((f) => f.message + " " + f.remedy)].join("\n");
                }),
                " ",
                button("Has left", () => call("DELETE", path).then(show))
              );
              rows.append(Object.assign(document.createElement("tr"), {}));
              rows.lastChild.append(who, where, buttons, result);
            }
          }
          document.querySelector("form").onsubmit = async (event) => {
            event.preventDefault();
            const { name, ...rest } = Object.fromEntries(new FormData(event.target));
            await call("PUT", "/" + encodeURIComponent(name), rest);
            event.target.reset();
            await show();
          };
          await show();
        </script>
        </html>
        """;

    public static void Map(WebApplication app)
    {
        var admin = app.MapGroup("/admin").RequireAuthorization(policy => policy.RequireRole("admin"));
        admin.MapGet("", () => Results.Content(Html, "text/html"));

        var customers = admin.MapGroup("/customers");
        customers.MapGet(
            "",
            (CustomerDatabase database, CancellationToken cancellationToken) => database.ListAsync(cancellationToken)
        );
        customers.MapPut("/{name}", SaveAsync);
        customers.MapDelete("/{name}", LeaveAsync);
        customers.MapPost("/{name}/test", TestAsync);
    }

    private static async Task SaveAsync(string name, NewKey key, CustomerDatabase database, ITokenTenants tenants)
    {
        await database.SaveAsync(new(name, key.Region, key.Key));
        await tenants.ForgetAsync("speech", name); // the next request asks the database
    }

    private static async Task LeaveAsync(string name, CustomerDatabase database, ITokenTenants tenants)
    {
        if (await database.FindAsync(name, CancellationToken.None) is { } customer)
            await database.SaveAsync(customer with { HasLeft = true });
        await tenants.ForgetAsync("speech", name, removeRecord: true);
    }

    private static async Task<object> TestAsync(string name, ITokenTenants tenants, CancellationToken cancellationToken)
    {
        try
        {
            var provider = await tenants.GetAsync("speech", name, cancellationToken);
            var report = await provider.ProbeAsync(cancellationToken: cancellationToken);

            return new { report.Works, report.Findings };
        }
        catch (UnknownTenantException)
        {
            return NotAsked(new Finding("unknown", "No such customer.", "Enter their key."));
        }
        catch (OptionsValidationException error) // what is in the database cannot be used: a region with spaces, a key cut short
        {
            return NotAsked([
                .. error.Failures.Select(failure => new Finding("options-wrong", failure, "Save it again.")),
            ]);
        }
    }

    private static object NotAsked(params Finding[] findings) => new { Works = false, Findings = findings };

    private sealed record Finding(string Code, string Message, string Remedy);

    private sealed record NewKey(string Region, string Key);
}
