using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Settings;

/// <summary>The keys that a scope (<see cref="SettingScope"/>) may have. Any other key is an error, since it would have no effect.</summary>
internal sealed class ScopedKeys
{
    private readonly List<string> _keys = [];
    private readonly Dictionary<string, string> _ofProcess = new(StringComparer.OrdinalIgnoreCase); // keys of the sections that are for the whole process, with their paths

    /// <summary>Adds the settings of a section.</summary>
    /// <param name="section">The section without a scope.</param>
    public ScopedKeys With<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor | DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string section)
    {
        _keys.AddRange(SettingsBinding.InScope(typeof(TOptions)).Select(property => SettingScope.Below(section, SettingsBinding.KeyOf(property))));
        foreach (var property in typeof(TOptions).GetProperties().Where(static property => property.CanWrite).Except(SettingsBinding.InScope(typeof(TOptions))))
        {
            var key = SettingsBinding.KeyOf(property);
            _ofProcess[SettingScope.Below(section, key)] = $"{section}:{key}";
        }

        return this;
    }

    /// <summary>Returns whether a scope may have the key.</summary>
    /// <param name="key">The key, relative to the scope.</param>
    public bool Contain(string key) => _keys.Contains(key, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns a message for each key of the scope that it may not have, with the nearest one that it may have.</summary>
    public IEnumerable<string> FailuresIn(IConfiguration configuration, string scope)
    {
        var root = SettingScope.Of(scope, CacheOptions.Section);
        var (known, set) = (new KnownKeys(_keys), KnownKeys.SetBelow(configuration, root).ToList());
        return set is []
            ? [$"{root}: has no settings"]
            : from path in set
              let key = path[(root.Length + 1)..]
              where !known.Contain(key)
              select $"{path}: is not a setting here{(_ofProcess.TryGetValue(key, out var other) ? $". {other} is for the whole process" : known.HintFor(key))}";
    }
}
