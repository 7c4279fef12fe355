namespace ChunkProxy.Web.Cli.Commands;

/// <summary>The path of an object, as people write it: the path alone, or the URL that a client would open.</summary>
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
