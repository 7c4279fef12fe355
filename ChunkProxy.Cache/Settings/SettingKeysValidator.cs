using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Finds keys below <c>ChunkProxy</c> that no section has. Origins and routes check their own keys.</summary>
internal sealed class SettingKeysValidator(IEnumerable<SettingSection> sections, IConfiguration configuration) : IValidateOptions<SettingKeys>
{
    private KnownKeys? _known;

    // Made for a key that no section has: it reads the keys of all sections.
    private KnownKeys Known => _known ??= new KnownKeys(sections.SelectMany(static section => section.Keys), "Origins", "Routes");

    public ValidateOptionsResult Validate(string? name, SettingKeys options)
    {
        List<string> failures = [];
        foreach (var path in KnownKeys.SetBelow(configuration, CacheOptions.Section)) // no structures in queries, which would be compiled at each start
        {
            var key = path[(CacheOptions.Section.Length + 1)..];
            if (!sections.Any(section => section.Has(path)) && !Known.Contain(key) && !options.Accepts(key))
            {
                failures.Add($"{path}: is not a setting{Known.HintFor(key, CacheOptions.Section + ":")}");
            }
        }

        return failures is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
