using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Binds options to configuration so that a text that cannot be read ends the start like any other wrong value.</summary>
internal static class SettingsBinding
{
    /// <summary>Binds <typeparamref name="TOptions"/> to a section once, and has it read and validated when the host starts.</summary>
    /// <remarks>
    /// Every failure, of reading or of validating, is an <see cref="OptionsValidationException"/> whose texts begin with the
    /// configuration key: <c>ChunkProxy:ChunkSize: 'x' is not a size …</c>.
    /// </remarks>
    public static OptionsBuilder<TOptions> BindSettings<TOptions>(this OptionsBuilder<TOptions> builder, string sectionPath)
        where TOptions : class, new() =>
        builder
            .Configure<IConfiguration>((options, configuration) => Bind(options, configuration.GetSection(sectionPath), builder.Name))
            .ValidateOnStart();

    private static void Bind<TOptions>(TOptions options, IConfigurationSection section, string name)
        where TOptions : class, new()
    {
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException e)
        {
            var failures = section.GetChildren().Select(FailureOf<TOptions>).OfType<string>().ToArray();
            throw new OptionsValidationException(name, typeof(TOptions), failures is [] ? [$"{section.Path}: {e.Message}"] : failures);
        }
    }

    /// <summary>Binds one value alone. The binder's own exception names its key only inside a sentence.</summary>
    private static string? FailureOf<TOptions>(IConfigurationSection setting)
        where TOptions : class, new()
    {
        var alone = new ConfigurationBuilder().AddInMemoryCollection([new(setting.Key, setting.Value)]).Build();
        try
        {
            alone.Bind(new TOptions());
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"{setting.Path}: {e.InnerException?.Message ?? e.Message}";
        }
    }
}
