using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Finds keys below <c>ChunkProxy</c> that no section has. Origins and routes check their own keys.</summary>
internal sealed class SettingKeysValidator(IEnumerable<SettingSection> sections, IConfiguration configuration) : IValidateOptions<SettingKeys>
{
    private readonly KnownKeys _known = new(sections.SelectMany(static section => section.Keys), "Origins", "Routes");

    public ValidateOptionsResult Validate(string? name, SettingKeys options)
    {
        var failures = KnownKeys.SetBelow(configuration, CacheOptions.Section)
            .Select(static path => (Path: path, Key: path[(CacheOptions.Section.Length + 1)..]))
            .Where(it => !_known.Contain(it.Key) && !(options.AcceptsFrontEnds && SettingKeys.IsOfFrontEnds(it.Key)))
            .Select(it => $"{it.Path}: is not a setting{_known.HintFor(it.Key, CacheOptions.Section + ":")}")
            .ToList();
        return failures is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
