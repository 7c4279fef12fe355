namespace ChunkProxy.Cache.Settings;

/// <summary>Settings that name servers, as logs and messages show them: without passwords and queries.</summary>
internal static class ShownSetting
{
    private const string Mask = "***";

    /// <summary>A URL with its password, or a user name that stands alone, masked, and its query left out: <c>http://user:***@host/path?…</c>.</summary>
    public static string Url(string text)
    {
        var end = text.AsSpan().IndexOfAny('?', '#');
        var shown = end < 0 ? text : text[..end] + "?…";
        var scheme = shown.IndexOf("://", StringComparison.Ordinal);
        var start = scheme < 0 ? 0 : scheme + 3;

        // In a valid URL the user information ends before the path. In any other text it may end anywhere.
        var slash = shown.AsSpan(start).IndexOf('/');
        var authority = slash < 0 || !Uri.TryCreate(text, UriKind.Absolute, out _) ? shown.Length : start + slash;
        var at = authority == start ? -1 : shown.LastIndexOf('@', authority - 1, authority - start);
        if (at < 0)
        {
            return shown;
        }

        var colon = shown.IndexOf(':', start, at - start);
        return string.Concat(shown.AsSpan(0, colon < 0 ? start : colon + 1), Mask, shown.AsSpan(at));
    }

    /// <summary>Several URLs, separated by commas.</summary>
    public static string Urls(string? list) => string.Join(',', (list ?? "").Split(',').Select(static url => Url(url)));

    /// <summary>A Redis server with its options up to the first password: <c>10.0.0.5:6379,ssl=true,password=***</c>.</summary>
    /// <remarks>What follows a password is left out, since it may be a part of it: passwords contain commas, too.</remarks>
    public static string Redis(string text)
    {
        var shown = new List<string>();
        foreach (var part in text.Split(','))
        {
            var name = part.Split('=')[0];
            if (name.Contains("password", StringComparison.OrdinalIgnoreCase))
            {
                shown.Add($"{name}={Mask}");
                break;
            }

            shown.Add(Url(part));
        }

        return string.Join(',', shown);
    }
}
