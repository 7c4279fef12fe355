using System.IO.Hashing;
using System.Text;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Access;
using Microsoft.Net.Http.Headers;

namespace ChunkProxy.Web.Operations.Status;

/// <summary>Maps the status page: a few embedded files, which load everything else from below the same prefix.</summary>
internal static class StatusPage
{
    // The page shows paths of objects, which clients choose. So inline scripts and foreign content must not run.
    private const string ContentSecurityPolicy =
        "default-src 'none'; img-src data:; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Page = "page.html";

    private static readonly string[] Scripts = ["page.js", "samples.js", "charts.js", "figures.js", "members.js", "map.js", "events.js", "actions.js", "key.js", "parts.js"];

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapStatusPage(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapFile("/page.css", "page.css", "text/css; charset=utf-8");
        foreach (var script in Scripts)
        {
            endpoints.MapFile("/" + script, script, "text/javascript; charset=utf-8");
        }

        endpoints.MapFile("/", Page, "text/html; charset=utf-8");
    }

    private static void MapFile(this IEndpointRouteBuilder endpoints, string path, string name, string type) =>
        endpoints.MapMethods(ReservedPaths.Prefix + path, Methods, context =>
        {
            var (request, response) = (context.Request, context.Response);
            if (path == "/" && request.Path.Value is not [.., '/'])
            {
                response.Redirect(ReservedPaths.Prefix + "/"); // the page links its files relative to itself
                return Task.CompletedTask;
            }

            var content = Read(name, AdminListener.HasAccepted(context));
            var tag = $"\"{Convert.ToHexStringLower(XxHash64.Hash(content))}\"";
            response.Headers.ETag = tag;
            response.Headers[HeaderNames.CacheControl] = "no-cache";
            response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            response.Headers.XContentTypeOptions = "nosniff";
            response.Headers["Referrer-Policy"] = "no-referrer";
            if (request.Headers.IfNoneMatch == tag)
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                return Task.CompletedTask;
            }

            response.ContentType = type;
            response.ContentLength = content.Length;
            return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : response.Body.WriteAsync(content, context.RequestAborted).AsTask();
        }).Takes(AdminAccess.Shell);

    // At the address of clients the page is told so: it takes no key there.
    private static byte[] Read(string name, bool atAdmin)
    {
        using var resource = typeof(StatusPage).Assembly.GetManifestResourceStream("StatusPage/" + name) ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return atAdmin || name != Page ? content : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(content).Replace("<html", "<html data-no-key", StringComparison.Ordinal));
    }
}
