using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>A request to the reserved prefix as the log shows it: the arguments that it has, objects without their queries.</summary>
internal static class ShownRequest
{
    private static readonly string[] Plain = ["range", "member"];

    public static string Of(HttpRequest request)
    {
        var query = request.Query;
        var shown = query.TryGetValue("path", out var path) ? $" {ShownPath.Of(path.ToString())}" : "";
        return request.Path + shown + string.Concat(Plain.Where(query.ContainsKey).Select(name => $" {name} {query[name]}"));
    }
}
