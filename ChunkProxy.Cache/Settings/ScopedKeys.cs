using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Settings;

/// <summary>The keys that a scope (<see cref="SettingScope"/>) may have. Any other key is an error, since it would have no effect.</summary>
internal sealed class ScopedKeys
{
    private readonly HashSet<string> _keys = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds the settings of a section.</summary>
    /// <param name="section">The section without a scope.</param>
    public ScopedKeys With<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor | DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string section)
    {
        var below = section.Length == CacheOptions.Section.Length ? "" : section[(CacheOptions.Section.Length + 1)..] + ":";
        foreach (var property in SettingsBinding.InScope(typeof(TOptions)))
        {
            _keys.Add(below + SettingsBinding.KeyOf(property));
        }

        return this;
    }

    /// <summary>Returns a message for each key of the scope that it may not have, with the nearest one that it may have.</summary>
    public IEnumerable<string> FailuresIn(IConfiguration configuration, string scope)
    {
        var root = SettingScope.Of(scope, CacheOptions.Section);
        if (LeavesOf(configuration.GetSection(root)).FirstOrDefault() is null)
        {
            return [$"{root}: has no settings"];
        }

        return from leaf in LeavesOf(configuration.GetSection(root))
               let key = leaf.Path[(root.Length + 1)..]
               where !_keys.Contains(key)
               select $"{leaf.Path}: is not a setting here{Suggestion.For(key, _keys)}";
    }

    private static IEnumerable<IConfigurationSection> LeavesOf(IConfigurationSection section) =>
        section.GetChildren().SelectMany(child => child.GetChildren().Any() ? LeavesOf(child) : child.Value is { Length: > 0 } ? [child] : []);
}
