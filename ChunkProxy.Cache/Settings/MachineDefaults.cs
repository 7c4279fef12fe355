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

        SetDiskBudgets(options);
    }

    // A given total is divided by the sizes of the file systems, which do not change. The default follows the free space.
    private void SetDiskBudgets(CacheOptions options)
    {
        var directories = options.Directories;
        var isGiven = IsSet("DiskSize");
        if (directories is [var only])
        {
            options.DiskBudget = isGiven ? options.DiskBudget : Sizing.DiskBudget(machine.DiskSpaceFor(only), options.ChunkSize);
            options.DirectoryBudgets = [options.DiskBudget];
            return;
        }

        var mayBeAway = MayBeAway(directories);
        var systems = directories.Select((it, i) => mayBeAway[i] ? null : machine.FileSystemOf(it)).ToList();
        var weights = DiskShares.Shared(
            isGiven ? [.. systems.Select(system => system?.Capacity)] : [.. directories.Select((it, i) => mayBeAway[i] ? null : machine.DiskSpaceFor(it))],
            [.. systems.Select(system => system?.Device)]);
        if (!isGiven && directories is not [])
        {
            options.DiskBudget = Sizing.DiskBudget((long?)(weights.Average() * weights.Count), options.ChunkSize);
        }

        options.DirectoryBudgets = DiskShares.Split(options.DiskBudget, weights);
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

    // The disk of a directory that does not exist, unlike another one, may not be mounted: the file system below it would be the wrong one. If none exists,
    // this is the first start.
    private static List<bool> MayBeAway(IReadOnlyList<string> directories)
    {
        var exist = directories.Select(Directory.Exists).ToList();
        return [.. exist.Select(one => !one && exist.Contains(true))];
    }

    private bool IsSet(string key) => SettingsBinding.IsSet(configuration, $"{CacheOptions.Section}:{key}");
}
