using System.Buffers;

namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>Resolves references (RFC 3986 §5.2).</summary>
internal static class UriReference
{
    private static readonly SearchValues<char> OfSchemes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    /// <summary>Returns the address without its fragment; null if the reference is not one.</summary>
    public static Uri? Resolve(Uri relativeTo, string reference)
    {
        var fragment = reference.IndexOf('#', StringComparison.Ordinal);
        var text = (fragment < 0 ? reference : reference[..fragment]).Trim();

        // A path that begins with a slash is a file for System.Uri on Linux, unless it is told that the reference has no scheme.
        return Uri.TryCreate(text, HasScheme(text) ? UriKind.Absolute : UriKind.Relative, out var parsed) && Uri.TryCreate(relativeTo, parsed, out var address) ? address : null;
    }

    private static bool HasScheme(string reference)
    {
        var colon = reference.AsSpan().IndexOfAny(":/?#");
        return colon > 0 && reference[colon] == ':' && char.IsAsciiLetter(reference[0])
            && !reference.AsSpan(0, colon).ContainsAnyExcept(OfSchemes);
    }
}
