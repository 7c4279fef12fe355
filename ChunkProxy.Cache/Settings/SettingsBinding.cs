using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Binds options to configuration. A text that cannot be parsed ends the start like any other invalid value.</summary>
/// <remarks>
/// Replaces the framework's binder. Its messages name the key only inside a sentence, and its look-up of type converters fails under native AOT.
/// The binder's source generator does not support <see cref="ByteSize"/>.
/// </remarks>
internal static class SettingsBinding
{
    private const DynamicallyAccessedMemberTypes Bound = DynamicallyAccessedMemberTypes.PublicParameterlessConstructor | DynamicallyAccessedMemberTypes.PublicProperties;

    /// <summary>Binds <typeparamref name="TOptions"/> to a section, and validates it (<see cref="BetweenAttribute"/>) when the host starts.</summary>
    /// <remarks>
    /// Every parse or validation failure is an <see cref="OptionsValidationException"/> whose messages begin with the configuration key:
    /// <c>ChunkProxy:ChunkSize: 'x' is not a size …</c>.
    /// </remarks>
    /// <param name="builder">The options.</param>
    /// <param name="sectionPath">The section.</param>
    /// <param name="isReloaded">Whether the process reads the section again while it runs.</param>
    public static OptionsBuilder<TOptions> BindSettings<[DynamicallyAccessedMembers(Bound)] TOptions>(this OptionsBuilder<TOptions> builder, string sectionPath, bool isReloaded = false)
        where TOptions : class
    {
        builder.Services.AddSingleton(new SettingSection(
            sectionPath,
            () => [.. typeof(TOptions).GetProperties().Where(static property => property.CanWrite).Select(property => SettingScope.Below(sectionPath, KeyOf(property)))],
            isReloaded,
            static provider => provider.GetRequiredService<IOptionsFactory<TOptions>>().Create(Options.DefaultName)));
        builder.ValidateBounds(sectionPath);
        builder.Services.AddSingleton<IConfigureOptions<TOptions>>(provider => new Binding<TOptions>(provider.GetRequiredService<IConfiguration>(), sectionPath));
        return builder.CheckAtStart();
    }

    /// <summary>Binds <typeparamref name="TOptions"/> in scopes only (<see cref="SettingScope"/>): there are no such settings for all of them.</summary>
    public static OptionsBuilder<TOptions> BindScope<[DynamicallyAccessedMembers(Bound)] TOptions>(this OptionsBuilder<TOptions> builder, string sectionPath)
        where TOptions : class
    {
        builder.ValidateBounds(sectionPath);
        builder.Services.AddSingleton<IConfigureOptions<TOptions>>(
            provider => new Binding<TOptions>(provider.GetRequiredService<IConfiguration>(), sectionPath, isInScopesOnly: true));
        return builder;
    }

    /// <summary>Makes invalid options end the start (<see cref="StartValidator"/>).</summary>
    public static OptionsBuilder<TOptions> CheckAtStart<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this OptionsBuilder<TOptions> builder)
        where TOptions : class
    {
        builder.Services.AddSingleton(new StartCheck(static provider => _ = provider.GetRequiredService<IOptions<TOptions>>().Value));
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupValidator, StartValidator>());
        return builder;
    }

    private static void ValidateBounds<[DynamicallyAccessedMembers(Bound)] TOptions>(this OptionsBuilder<TOptions> builder, string sectionPath)
        where TOptions : class =>
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, BoundsValidator<TOptions>>(
            provider => new BoundsValidator<TOptions>(sectionPath, provider.GetRequiredService<IConfiguration>())));

    /// <summary>Returns whether a source sets the key.</summary>
    public static bool IsSet(IConfiguration configuration, string path) => TextOf(configuration, path) is not null;

    /// <summary>Returns whether a source has a key of the section.</summary>
    public static bool IsAnySet(IConfiguration configuration, string sectionPath) => configuration.GetSection(sectionPath).GetChildren().Any();

    // An empty text counts as unset and does not hide the value of an earlier source: environment files often contain empty variables.
    private static string? TextOf(IConfiguration configuration, string path) =>
        configuration is IConfigurationRoot root
            ? root.Providers.Reverse().Select(provider => provider.TryGet(path, out var text) ? text : null).FirstOrDefault(text => !string.IsNullOrEmpty(text))
            : configuration[path] is { Length: > 0 } only ? only : null;

    /// <summary>Returns the name of a property in configuration.</summary>
    public static string KeyOf(PropertyInfo property) => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name;

    /// <summary>Returns the properties of options that can be set in a scope: those that are <see cref="PerScopeAttribute"/> if there are any, else all.</summary>
    public static IReadOnlyCollection<PropertyInfo> InScope([DynamicallyAccessedMembers(Bound)] Type type)
    {
        var all = type.GetProperties().Where(property => property.CanWrite).ToList();
        return all.FindAll(property => property.IsDefined(typeof(PerScopeAttribute))) is { Count: > 0 } marked ? marked : all;
    }

    private static void Bind(
        object options, IEnumerable<PropertyInfo> properties, [DynamicallyAccessedMembers(Bound)] Type type, IConfiguration configuration, string sectionPath, string name)
    {
        List<string> failures = [];
        foreach (var property in properties)
        {
            var key = KeyOf(property);
            if (!property.CanWrite || TextOf(configuration, $"{sectionPath}:{key}") is not { } text)
            {
                continue;
            }

            try
            {
                property.SetValue(options, SettingText.Read(text, property.PropertyType));
            }
            catch (FormatException e)
            {
                failures.Add($"{sectionPath}:{key}: {e.Message}");
            }
        }

        if (failures is not [])
        {
            throw new OptionsValidationException(name, type, failures);
        }
    }

    // Options of a scope are those for all, changed by those of the scope, unless the type says otherwise.
    private sealed class Binding<[DynamicallyAccessedMembers(Bound)] TOptions>(IConfiguration configuration, string sectionPath, bool isInScopesOnly = false) : IConfigureNamedOptions<TOptions>
        where TOptions : class
    {
        public void Configure(TOptions options) => Configure(Options.DefaultName, options);

        public void Configure(string? name, TOptions options)
        {
            if (Inherits(name) && IsAnySet(configuration, sectionPath))
            {
                Bind(options, typeof(TOptions).GetProperties(), typeof(TOptions), configuration, sectionPath, name ?? Options.DefaultName);
            }

            if (!string.IsNullOrEmpty(name))
            {
                Bind(options, InScope(typeof(TOptions)), typeof(TOptions), configuration, SettingScope.Of(name, sectionPath), name);
            }
        }

        private bool Inherits(string? name) => string.IsNullOrEmpty(name)
            ? !isInScopesOnly
            : !isInScopesOnly && typeof(TOptions).GetCustomAttribute<InheritanceAttribute>()?.Kind switch
            {
                Inheritance.None => false,
                Inheritance.AsAWhole => !configuration.GetSection(SettingScope.Of(name, sectionPath)).GetChildren().Any(static it => it.Value is { Length: > 0 }),
                _ => true,
            };
    }
}
