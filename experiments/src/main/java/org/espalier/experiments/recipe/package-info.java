// SPDX-License-Identifier: Apache-2.0
/**
 * What a sweep holds constant: optimisers, rates, decay, protocol. Every value is a decimal with
 * one spelling, since recipes are part of identities.
 */
package org.espalier.experiments.recipe;
