namespace ChunkProxy.Cache.Settings;

/// <summary>A section of configuration that options are bound to.</summary>
/// <param name="Path">Its path: <c>ChunkProxy:Origin</c>.</param>
/// <param name="ReadKeys">Returns <see cref="Keys"/>.</param>
/// <param name="IsReloaded">Whether the process reads the section again while it runs.</param>
/// <param name="Check">Reads the section as it is now. Throws <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> if it is invalid.</param>
internal sealed record SettingSection(string Path, Func<IReadOnlyList<string>> ReadKeys, bool IsReloaded, Action<IServiceProvider> Check)
{
    private IReadOnlyList<string>? _keys;

    /// <summary>Its keys below <c>ChunkProxy</c>: <c>Origin:Attempts</c>. Read when needed: reflection is slow, and most sections are not set.</summary>
    public IReadOnlyList<string> Keys => _keys ??= ReadKeys();

    /// <summary>Returns whether the section has a key.</summary>
    /// <param name="path">The key with its whole path.</param>
    public bool Has(string path) =>
        path.StartsWith(Path + ConfigurationPath.KeyDelimiter, StringComparison.OrdinalIgnoreCase)
        && Keys.Contains(path[(CacheOptions.Section.Length + 1)..], StringComparer.OrdinalIgnoreCase);
}
