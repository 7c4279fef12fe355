using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Finds keys below <c>ChunkProxy</c> that no section has. Origins and routes check their own keys.</summary>
internal sealed class SettingKeysValidator(IEnumerable<SettingSection> sections, IConfiguration configuration) : IValidateOptions<SettingKeys>
{
    private readonly KnownKeys _known = new(sections.SelectMany(static section => section.Keys), "Origins", "Routes");

    public ValidateOptionsResult Validate(string? name, SettingKeys options)
    {
        List<string> failures = [];
        foreach (var path in KnownKeys.SetBelow(configuration, CacheOptions.Section)) // no structures in queries, which would be compiled at each start
        {
            var key = path[(CacheOptions.Section.Length + 1)..];
            if (!_known.Contain(key) && !(options.AcceptsFrontEnds && SettingKeys.IsOfFrontEnds(key)))
            {
                failures.Add($"{path}: is not a setting{_known.HintFor(key, CacheOptions.Section + ":")}");
            }
        }

        return failures is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
