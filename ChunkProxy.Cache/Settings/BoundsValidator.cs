using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Validates the settings of a section against their <see cref="BetweenAttribute"/>.</summary>
internal sealed class BoundsValidator<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string section) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var failures = new SettingFailures(section, name);
        foreach (var property in typeof(TOptions).GetProperties())
        {
            if (property.GetCustomAttribute<BetweenAttribute>() is { } bounds && property.GetValue(options) is { } value)
            {
                failures.Require(
                    bounds.Admits(value),
                    SettingsBinding.KeyOf(property),
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{value} is out of range: takes {bounds}"));
            }
        }

        return failures.ToResult();
    }
}
