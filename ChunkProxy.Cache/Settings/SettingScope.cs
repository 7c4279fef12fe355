namespace ChunkProxy.Cache.Settings;

/// <summary>Where the settings of one of several origins or routes are: the same keys as for all of them, below the scope.</summary>
/// <remarks>
/// The scope is the name of the options instance: <c>Origins:media</c>. Its settings under <c>ChunkProxy:Origins:media:Origin</c> come before those for
/// all origins under <c>ChunkProxy:Origin</c>. Without a scope (the default name) there are only the latter.
/// </remarks>
internal static class SettingScope
{
    /// <summary>Returns the path of a section in a scope.</summary>
    /// <param name="scope">The scope; null or empty for none.</param>
    /// <param name="section">The section without a scope: <c>ChunkProxy:Origin</c>.</param>
    public static string Of(string? scope, string section) =>
        string.IsNullOrEmpty(scope) ? section : $"{CacheOptions.Section}:{scope}{section.AsSpan(CacheOptions.Section.Length)}";

    /// <summary>Returns the path of a key, without <c>ChunkProxy:</c> at its beginning: <c>Origin:Attempts</c>.</summary>
    /// <param name="section">The section of the key.</param>
    /// <param name="key">The key in the section.</param>
    public static string Below(string section, string key) => section.Length == CacheOptions.Section.Length ? key : $"{section.AsSpan(CacheOptions.Section.Length + 1)}:{key}";
}
