using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Parses an object's path: a path, the URL that a client would use, or the name of an origin with a path.</summary>
internal static class ObjectPath
{
    /// <summary>Returns the path.</summary>
    public static string Read(string text)
    {
        if (IsUrl(text))
        {
            var path = text.IndexOf('/', text.IndexOf("://", StringComparison.Ordinal) + 3);
            return path < 0 ? "/" : text[path..];
        }

        return text.StartsWith('/') ? text : "/" + text;
    }

    /// <summary>Returns what a node is asked for: a URL with its host, which selects the route, an origin and a path, or a path.</summary>
    public static string ForNode(string text) => IsUrl(text) || IsOfOrigin(text) ? text : Read(text);

    /// <summary>Returns the name of the origin with its colon, empty if there is none, and the path.</summary>
    public static (string Origin, string Path) Split(string text) =>
        IsOfOrigin(text) ? (text[..(text.IndexOf(":/", StringComparison.Ordinal) + 1)], text[(text.IndexOf(":/", StringComparison.Ordinal) + 1)..]) : ("", Read(text));

    /// <summary>Returns whether a text is a URL.</summary>
    public static bool IsUrl(string text) => text.StartsWith("http://", StringComparison.Ordinal) || text.StartsWith("https://", StringComparison.Ordinal);

    private static bool IsOfOrigin(string text) => !IsUrl(text) && text.IndexOf(":/", StringComparison.Ordinal) is > 0 and var colon && SiteNames.IsName(text[..colon].ToLowerInvariant());
}
