using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Sites;

/// <summary>Validates <see cref="FreshnessOptions"/>.</summary>
internal sealed class FreshnessOptionsValidator : IValidateOptions<FreshnessOptions>
{
    public ValidateOptionsResult Validate(string? name, FreshnessOptions options)
    {
        var failures = new SettingFailures(FreshnessOptions.Section, name);
        Require(() => PathLifetimes.Parse(options.Override), nameof(FreshnessOptions.Override), failures);
        Require(() => PathLifetimes.Parse(options.Default), nameof(FreshnessOptions.Default), failures);
        Require(() => FreshnessRules.StatusesIn(options.Statuses), nameof(FreshnessOptions.Statuses), failures);
        return failures.ToResult();
    }

    private static void Require(Func<object> parse, string key, SettingFailures failures)
    {
        try
        {
            parse();
        }
        catch (FormatException error)
        {
            failures.Require(false, key, error.Message);
        }
    }
}
