namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Parses an object's path: a path, or the URL that a client would use.</summary>
internal static class ObjectPath
{
    public static string Read(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme > 0 && text[..scheme] is "http" or "https")
        {
            var path = text.IndexOf('/', scheme + 3);
            return path < 0 ? "/" : text[path..];
        }

        return text.StartsWith('/') ? text : "/" + text;
    }
}
