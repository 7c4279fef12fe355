using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Validates the settings of a section against their <see cref="BetweenAttribute"/>.</summary>
/// <remarks>Only those that configuration sets. The defaults are within their bounds, which a test checks: the start reads none of them for this.</remarks>
internal sealed class BoundsValidator<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string section, IConfiguration configuration) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var scoped = SettingScope.Of(name, section);
        if (!SettingsBinding.IsAnySet(configuration, section) && !SettingsBinding.IsAnySet(configuration, scoped))
        {
            return ValidateOptionsResult.Success;
        }

        var failures = new SettingFailures(section, name);
        foreach (var property in typeof(TOptions).GetProperties())
        {
            var key = SettingsBinding.KeyOf(property);
            if ((IsSet(section, key) || IsSet(scoped, key)) && property.GetCustomAttribute<BetweenAttribute>() is { } bounds && property.GetValue(options) is { } value)
            {
                failures.Require(
                    bounds.Admits(value),
                    key,
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value} is out of range: takes {bounds}"));
            }
        }

        return failures.ToResult();
    }

    private bool IsSet(string path, string key) => SettingsBinding.IsSet(configuration, $"{path}:{key}");
}
