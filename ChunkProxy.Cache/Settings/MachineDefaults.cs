using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Fits the budgets that are not configured to the machine, and refuses a configured memory budget that exceeds it.</summary>
internal sealed class MachineDefaults(IConfiguration configuration, MachineLimits machine) : IPostConfigureOptions<CacheOptions>, IValidateOptions<CacheOptions>
{
    public void PostConfigure(string? name, CacheOptions options)
    {
        if (!IsSet("MemorySize"))
        {
            options.MemoryBudget = Sizing.MemoryBudget(machine.Memory, options.ChunkSize);
        }

        if (!IsSet("MetadataSize"))
        {
            options.MetadataBudget = Sizing.MetadataBudget(machine.Memory);
        }

        if (!IsSet("DiskSize") && !string.IsNullOrWhiteSpace(options.Dir))
        {
            options.DiskBudget = Sizing.DiskBudget(machine.DiskSpaceFor(options.Dir), options.ChunkSize);
        }
    }

    public ValidateOptionsResult Validate(string? name, CacheOptions options)
    {
        var failures = new SettingFailures(CacheOptions.Section);
        if (string.IsNullOrEmpty(name) && Sizing.MemoryFault(options, machine.Memory) is { } fault)
        {
            failures.Require(false, "MemorySize", fault);
        }

        return failures.ToResult();
    }

    private bool IsSet(string key) => SettingsBinding.IsSet(configuration, $"{CacheOptions.Section}:{key}");
}
